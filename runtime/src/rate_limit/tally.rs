use std::sync::OnceLock;

use crate::{
    observe::Counter,
    sync::{AtomicU64, Ordering},
};

/// A count that is small while it counts little: a registry may hold a limiter for each of many keys, and most of them
/// see few calls.
#[derive(Debug)]
pub(super) struct Tally {
    first: AtomicU64,
    /// Counts without a locked instruction, but fills a kilobyte.
    further: OnceLock<Box<Counter>>,
}

/// How many counts earn a kilobyte.
const FIRST: u64 = 1000;

impl Tally {
    pub(super) const fn new() -> Self {
        Self { first: AtomicU64::new(0), further: OnceLock::new() }
    }

    #[inline]
    pub(super) fn increment(&self) {
        match self.further.get() {
            Some(counter) => counter.increment(),
            None => self.increment_first(),
        }
    }

    #[cold]
    fn increment_first(&self) {
        if self.first.fetch_add(1, Ordering::Relaxed) >= FIRST {
            self.further.get_or_init(Box::default);
        }
    }

    pub(super) fn get(&self) -> u64 {
        let further = self.further.get().map_or(0, |counter| counter.get());
        self.first.load(Ordering::Relaxed).wrapping_add(further)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_count_is_lost_when_it_grows() {
        let tally = Tally::new();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..FIRST).for_each(|_| tally.increment()));
            }
        });
        assert_eq!(tally.get(), 4 * FIRST);
        assert!(tally.further.get().is_some());
    }
}
