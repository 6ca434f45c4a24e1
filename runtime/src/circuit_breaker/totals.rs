use crate::observe::Counts;

/// What a breaker has counted since it was made or reset.
#[derive(Debug)]
pub(super) struct Totals(Counts<4>);

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Total {
    Successes,
    Failures,
    Ignored,
    Rejected,
}

impl Totals {
    pub(super) const fn new() -> Self {
        Self(Counts::new())
    }

    /// For one of very many breakers, where memory matters more than what many threads pay.
    pub(super) const fn compact() -> Self {
        Self(Counts::compact())
    }

    #[inline]
    pub(super) fn increment(&self, total: Total) {
        self.0.increment(total as usize);
    }

    pub(super) fn get(&self, total: Total) -> u64 {
        self.0.get(total as usize)
    }

    pub(super) fn clear(&self) {
        for total in [Total::Successes, Total::Failures, Total::Ignored, Total::Rejected] {
            self.0.clear(total as usize);
        }
    }
}
