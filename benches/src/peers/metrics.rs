//! The facade `metrics` with its exporter for Prometheus as the recorder, handles kept where it lets them be.

use std::sync::LazyLock;

use ::metrics::{counter, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::{
    ours::metrics::METHOD,
    row::{Row, keep},
};

const WHO: &str = "metrics";

static RECORDER: LazyLock<PrometheusHandle> = LazyLock::new(|| {
    let bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
    let builder =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full("time_seconds".into()), &bounds);
    let recorder = builder.expect("bounds").build_recorder();
    let handle = recorder.handle();
    ::metrics::set_global_recorder(recorder).expect("the only recorder");
    handle
});

pub fn counter_kept() -> Row {
    LazyLock::force(&RECORDER);
    let counter = keep(counter!("kept_calls"));
    Row::new(WHO, || counter.increment(1))
}

pub fn counter_with_labels() -> Row {
    LazyLock::force(&RECORDER);
    Row::new(WHO, || counter!("calls", "method" => METHOD, "status" => "200").increment(1))
}

/// It keeps every value until it is scraped, which happens here every thousand.
pub fn histogram_kept() -> Row {
    let handle = &*RECORDER;
    let histogram = keep(histogram!("time_seconds"));
    Row::per_thread(WHO, move |_| {
        let mut recorded = 0_u32;
        move || {
            histogram.record(std::hint::black_box(0.04));
            recorded += 1;
            if recorded.is_multiple_of(1000) {
                handle.run_upkeep();
            }
        }
    })
}
