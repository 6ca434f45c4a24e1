use std::fmt;

use super::counts::Counts;

/// A count that many threads raise and somebody reads now and then.
///
/// It is small while it counts little. Beyond a thousand it takes a kilobyte, in which each of the first threads has a
/// cell that no other thread writes, so that counting needs no locked instruction and the cores do not wait for each
/// other.
///
/// ```
/// use mainstay_runtime::observe::Counter;
///
/// static ASKED: Counter = Counter::new();
/// ASKED.increment();
/// assert_eq!(ASKED.get(), 1);
/// ```
pub struct Counter(Counts<1>);

impl Counter {
    /// A count of zero.
    pub const fn new() -> Self {
        Self(Counts::new())
    }

    /// Counts one more.
    #[inline]
    pub fn increment(&self) {
        self.0.increment(0);
    }

    /// Counts `by` more.
    #[inline]
    pub fn add(&self, by: u64) {
        self.0.add(0, by);
    }

    /// The count. Exact once the threads that count have been waited for.
    pub fn get(&self) -> u64 {
        self.0.get(0)
    }
}

impl Default for Counter {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.get())
    }
}
