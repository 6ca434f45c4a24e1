use super::{labels::Labels, slo::Slo};
use crate::{options::options, values::Bounds};

options! {
    /// The options of `#[metered]`.
    pub(crate) struct Options {
        /// Labels and their values: `labels(key = expression)`, each of a type with few values.
        labels: Labels,
        /// The upper bounds of the buckets of durations. Default: from 5 ms to 10 s.
        buckets: Bounds,
        /// What the calls are to live up to: `slo(ok = 99.9, p99 = "250ms")`.
        slo: Slo,
    }
}

/// `#[metered]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}
