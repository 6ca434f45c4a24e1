use mainstay_runtime::metrics::{Collect, Descriptor, LabelSet, MetricKind, Sample, Sink};
use tokio::runtime::Handle;

/// How a tokio runtime is doing: its workers, its tasks, and how many wait for a worker.
///
/// | metric | what |
/// |---|---|
/// | `tokio_workers` | threads that run tasks |
/// | `tokio_alive_tasks` | tasks that have been spawned and not ended |
/// | `tokio_global_queue_depth` | tasks that wait in the queue that all workers share |
#[derive(Debug, Clone)]
pub struct TokioMetrics(Handle);

impl TokioMetrics {
    /// Of that runtime.
    pub const fn new(runtime: Handle) -> Self {
        Self(runtime)
    }
}

impl Collect for TokioMetrics {
    fn collect(&self, sink: &mut dyn Sink) {
        let metrics = self.0.metrics();
        for (name, help, value) in [
            ("tokio_workers", "Threads that run tasks.", metrics.num_workers()),
            ("tokio_alive_tasks", "Tasks that have been spawned and not ended.", metrics.num_alive_tasks()),
            (
                "tokio_global_queue_depth",
                "Tasks that wait in the queue that all workers share.",
                metrics.global_queue_depth(),
            ),
        ] {
            let Ok(family) = Descriptor::new(name, help, MetricKind::Gauge) else { continue };
            if sink.family(&family) {
                let value = i64::try_from(value).unwrap_or(i64::MAX);
                sink.sample(&LabelSet::none(), Sample::IntGauge(value));
            }
        }
    }
}
