use std::{ops::Range, time::Duration};

/// What was seen, in slices of a tenth of a second.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// From the start on.
    pub slices: Vec<Slice>,
}

/// What happened within a tenth of a second.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Slice {
    /// Calls that came, by priority: sheddable, normal, critical.
    pub offered: [u64; 3],
    /// Calls that the guard let through to the server.
    pub sent: u64,
    /// Calls that the server rejected.
    pub rejected: u64,
    /// Calls that were answered in time, by priority.
    pub good: [u64; 3],
    /// The time that they took, in all.
    pub took: Duration,
    /// The guard's limit at the end, where it has one.
    pub limit: Option<u32>,
}

/// How many slices there are to a second.
pub(super) const PER_SECOND: f64 = 10.0;

impl Report {
    /// The slices between two times, in seconds.
    pub fn between(&self, seconds: Range<f64>) -> &[Slice] {
        let index = |second: f64| ((second * PER_SECOND) as usize).min(self.slices.len());
        self.slices.get(index(seconds.start)..index(seconds.end)).unwrap_or_default()
    }

    fn per_second(&self, seconds: Range<f64>, of: impl Fn(&Slice) -> u64) -> f64 {
        let slices = self.between(seconds);
        let sum: u64 = slices.iter().map(of).sum();
        sum as f64 * PER_SECOND / (slices.len() as f64).max(1.0)
    }

    /// The calls answered in time, each second.
    pub fn goodput(&self, seconds: Range<f64>) -> f64 {
        self.per_second(seconds, |slice| slice.good.iter().sum())
    }

    /// The share of the calls of a priority (0 sheddable, 1 normal, 2 critical) that were answered in time.
    pub fn served(&self, priority: usize, seconds: Range<f64>) -> f64 {
        let of = |calls: &[u64; 3]| calls.get(priority).copied().unwrap_or_default();
        let good = self.per_second(seconds.clone(), |slice| of(&slice.good));
        good / self.per_second(seconds, |slice| of(&slice.offered)).max(1.0)
    }

    /// The calls that reached the server, each second.
    pub fn sent(&self, seconds: Range<f64>) -> f64 {
        self.per_second(seconds, |slice| slice.sent)
    }

    /// How long the calls took in the mean that were answered in time.
    pub fn latency(&self, seconds: Range<f64>) -> Duration {
        let slices = self.between(seconds);
        let good: u64 = slices.iter().flat_map(|slice| slice.good).sum();
        let took: Duration = slices.iter().map(|slice| slice.took).sum();
        took.div_f64((good as f64).max(1.0))
    }
}
