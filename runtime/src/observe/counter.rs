use std::fmt;

use super::seat::{SEATS, seat};
use crate::sync::{AtomicU64, Ordering};

/// A count that many threads raise and somebody reads now and then.
///
/// Each of the first threads has a cell that no other thread writes, so that counting needs no locked instruction and
/// the cores do not wait for each other; the threads beyond share one more.
pub struct Counter {
    own: [Cell; SEATS],
    shared: Cell,
}

#[repr(align(64))]
struct Cell(AtomicU64);

impl Counter {
    /// A count of zero.
    pub const fn new() -> Self {
        Self { own: [const { Cell(AtomicU64::new(0)) }; SEATS], shared: Cell(AtomicU64::new(0)) }
    }

    /// Counts one more.
    #[inline]
    pub fn increment(&self) {
        match self.own.get(seat()) {
            // Nobody else writes this cell as long as this thread lives.
            Some(Cell(own)) => own.store(own.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed),
            None => {
                self.shared.0.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// The count. Exact once the threads that count have been waited for.
    pub fn get(&self) -> u64 {
        let cells = self.own.iter().chain([&self.shared]);
        cells.fold(0, |sum, cell| sum.wrapping_add(cell.0.load(Ordering::Relaxed)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_count_is_lost_between_threads_that_come_and_go() {
        let counter = Counter::new();
        for _ in 0..4 {
            std::thread::scope(|scope| {
                for _ in 0..SEATS + 8 {
                    scope.spawn(|| (0..1000).for_each(|_| counter.increment()));
                }
            });
        }
        assert_eq!(counter.get(), 4000 * (SEATS as u64 + 8));
    }
}
