//! The older client, of TiKV.

use ::prometheus::{
    Encoder, Histogram, HistogramOpts, IntCounter, IntCounterVec, Opts, Registry, TextEncoder,
};

use crate::{
    ours::metrics::{METHOD, SERIES},
    row::{Row, keep},
};

const WHO: &str = "prometheus";

fn counters(name: String) -> IntCounterVec {
    IntCounterVec::new(Opts::new(name, "Requests."), &["method", "status"]).expect("a name")
}

pub fn counter() -> Row {
    let counter = keep(IntCounter::new("calls", "Calls.").expect("a name"));
    Row::new(WHO, || counter.inc())
}

pub fn counter_with_labels() -> Row {
    let counters = keep(counters("calls".to_owned()));
    Row::new(WHO, || counters.with_label_values(&[METHOD, "200"]).inc())
}

pub fn histogram() -> Row {
    let bounds = vec![0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
    let options = HistogramOpts::new("time_seconds", "Time.").buckets(bounds);
    let histogram = keep(Histogram::with_opts(options).expect("a name"));
    Row::new(WHO, || histogram.observe(std::hint::black_box(0.04)))
}

pub fn scrape() -> Row {
    let registry = Registry::new();
    for number in 0..SERIES / 100 {
        let counters = counters(format!("family_{number}_requests"));
        for status in 0..100_u16 {
            let status = (200 + status).to_string();
            counters.with_label_values(&[METHOD, &status]).inc_by(u64::from(number) * 1234 + 7);
        }
        registry.register(Box::new(counters)).expect("a new name");
    }
    let registry = keep(registry);
    Row::new(WHO, || {
        let mut text = Vec::new();
        TextEncoder::new().encode(&registry.gather(), &mut text).expect("a vector takes it");
        text.len()
    })
}
