use super::{
    Metered,
    outcome::{ERROR_TYPES, OUTCOMES},
    series::Series,
};
use crate::{
    metrics::{Collect, Descriptor, MetricKind, Sample, Sink},
    registry::policies,
};

pub(super) const CALLS: &str = "mainstay_function_calls";
pub(super) const DURATION: &str = "mainstay_function_duration_seconds";

static CALLS_FAMILY: Descriptor =
    Descriptor::known(CALLS, "Calls of metered functions, by how they ended.", None, MetricKind::Counter);
static ERRORS: Descriptor = Descriptor::known(
    "mainstay_function_errors",
    "Calls of metered functions that failed, by the class of the error or the kind of the refusal.",
    None,
    MetricKind::Counter,
);
static DURATION_FAMILY: Descriptor = Descriptor::known(
    DURATION,
    "How long calls of metered functions took that ran to an end.",
    Some("seconds"),
    MetricKind::Histogram,
);
static IN_FLIGHT: Descriptor = Descriptor::known(
    "mainstay_function_in_flight",
    "Calls of metered functions that are running.",
    None,
    MetricKind::Gauge,
);

/// Gives the metrics of every metered function. [`registry()`](crate::metrics::registry()) has it already.
#[derive(Debug, Clone, Copy, Default)]
pub struct MeteredMetrics;

impl Collect for MeteredMetrics {
    fn collect(&self, sink: &mut dyn Sink) {
        let all = policies().meters();
        each(sink, &CALLS_FAMILY, &all, |metered, series, sink| {
            for (index, outcome) in OUTCOMES.into_iter().enumerate() {
                let labels = series.label_set(metered.name(), Some(("outcome", outcome)));
                sink.sample(&labels, Sample::Counter(series.ended(index)));
            }
        });
        each(sink, &ERRORS, &all, |metered, series, sink| {
            for (index, kind) in ERROR_TYPES.into_iter().enumerate() {
                let count = series.errors(index);
                // Most functions never fail in most of these ways.
                if count > 0 {
                    let labels = series.label_set(metered.name(), Some(("error_type", kind)));
                    sink.sample(&labels, Sample::Counter(count));
                }
            }
        });
        each(sink, &DURATION_FAMILY, &all, |metered, series, sink| {
            sink.sample(&series.label_set(metered.name(), None), Sample::Histogram(&series.durations()));
        });
        each(sink, &IN_FLIGHT, &all, |metered, series, sink| {
            let running = i64::try_from(series.in_flight()).unwrap_or(i64::MAX);
            sink.sample(&series.label_set(metered.name(), None), Sample::IntGauge(running));
        });
    }
}

fn each(
    sink: &mut dyn Sink,
    family: &Descriptor,
    all: &[&'static Metered],
    give: impl Fn(&Metered, &Series, &mut dyn Sink),
) {
    if !all.is_empty() && sink.family(family) {
        all.iter().for_each(|metered| metered.for_each(|series| give(metered, series, sink)));
    }
}
