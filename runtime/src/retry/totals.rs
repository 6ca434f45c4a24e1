use crate::observe::Counts;

/// What a retry policy has counted. A call whose first attempt succeeds is not among it: that would cost each call what now costs
/// nothing.
#[derive(Debug)]
pub(super) struct Totals(Counts<6>);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Total {
    Retries,
    RetriedCalls,
    NotRetryable,
    OutOfAttempts,
    OutOfTime,
    OutOfBudget,
}

impl Totals {
    pub(super) const fn new() -> Self {
        Self(Counts::new())
    }

    pub(super) fn increment(&self, total: Total) {
        self.0.increment(total as usize);
    }

    pub(super) fn get(&self, total: Total) -> u64 {
        self.0.get(total as usize)
    }
}
