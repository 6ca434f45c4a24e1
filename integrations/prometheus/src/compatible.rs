use mainstay_runtime::{
    metrics::{Collect, Descriptor, LabelSet, MetricKind, Sample, Sink},
    registry::policies,
};

/// The replayed calls of idempotency policies under the name they had in earlier services:
/// `idempotency_hits_total{operation}`. [`MetricsServer::compatible_names`](crate::MetricsServer::compatible_names) adds it.
#[derive(Debug, Clone, Copy, Default)]
pub struct IdempotencyHits;

impl Collect for IdempotencyHits {
    fn collect(&self, sink: &mut dyn Sink) {
        let help = "Idempotent operations returning cached results";
        let family = Descriptor::new("idempotency_hits_total", help, MetricKind::Counter);
        if family.is_ok_and(|family| sink.family(&family)) {
            for policy in policies().idempotencies() {
                sink.sample(
                    &LabelSet::new([("operation", policy.name())]),
                    Sample::Counter(policy.replayed_count()),
                );
            }
        }
    }
}
