use super::{checks, runs::Runs};
use crate::metrics::{Collect, Descriptor, LabelSet, MetricKind, Sample, Sink};

static STATUS: Descriptor = Descriptor::known(
    "mainstay_health_status",
    "What each health check said last: 1 healthy, 0.5 degraded, 0 unhealthy.",
    None,
    MetricKind::Gauge,
);
static RUNS: Descriptor = Descriptor::known(
    "mainstay_health_check_runs",
    "How often each health check was run, by what it said.",
    None,
    MetricKind::Counter,
);
static DURATION: Descriptor = Descriptor::known(
    "mainstay_health_check_duration_seconds",
    "How long each health check took.",
    Some("seconds"),
    MetricKind::Histogram,
);
static LAG: Descriptor = Descriptor::known(
    "mainstay_runtime_lag_seconds",
    "How long a task waited last for its turn in the watched runtime.",
    Some("seconds"),
    MetricKind::Gauge,
);

/// Gives the metrics of [`checks`]. [`registry()`](crate::metrics::registry()) has it already.
///
/// No check is run for a scrape: it shows what they said last.
#[derive(Debug, Clone, Copy, Default)]
pub struct HealthMetrics;

impl Collect for HealthMetrics {
    fn collect(&self, sink: &mut dyn Sink) {
        let entries: Vec<_> = {
            let entries = checks().entries().into_iter();
            entries.filter_map(|entry| entry.last().map(|last| (entry, last))).collect()
        };
        let labels = |name: &str| LabelSet::new([("check", name)]);
        if !entries.is_empty() && sink.family(&STATUS) {
            for (entry, last) in &entries {
                sink.sample(&labels(&entry.name), Sample::Gauge(last.as_number()));
            }
        }
        if !entries.is_empty() && sink.family(&RUNS) {
            for (entry, _) in &entries {
                for status in Runs::STATUSES {
                    let labels = LabelSet::new([("check", entry.name.as_str()), ("status", status.as_str())]);
                    sink.sample(&labels, Sample::Counter(entry.runs.ended(status)));
                }
            }
        }
        if !entries.is_empty() && sink.family(&DURATION) {
            for (entry, _) in &entries {
                sink.sample(&labels(&entry.name), Sample::Histogram(&entry.runs.durations.snapshot()));
            }
        }
        if let Some(heartbeat) = checks().heartbeat()
            && sink.family(&LAG)
        {
            sink.sample(&LabelSet::none(), Sample::Gauge(heartbeat.lag().as_secs_f64()));
        }
    }
}
