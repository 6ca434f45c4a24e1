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

/// What several breakers have counted, each in its place of [`ALL`].
pub(crate) type Sums = [u64; ALL.len()];

const ALL: [Total; 4] = [Total::Successes, Total::Failures, Total::Ignored, Total::Rejected];

/// Adds what one has counted.
pub(super) fn add(sums: &mut Sums, more: Sums) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum = sum.saturating_add(more));
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

    /// All of them, in the order of [`ALL`].
    pub(super) fn sums(&self) -> Sums {
        ALL.map(|total| self.get(total))
    }

    pub(super) fn clear(&self) {
        ALL.into_iter().for_each(|total| self.0.clear(total as usize));
    }
}
