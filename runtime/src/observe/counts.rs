use std::{fmt, sync::OnceLock};

use super::seat;
use crate::sync::{AtomicU64, Ordering};

/// `N` counts that many threads raise and somebody reads now and then.
///
/// They are one word each while they count little: a registry may hold a policy for each of many keys, and most of
/// those see few calls. Counts that have earned it get a cell for each of the first threads, that no other thread
/// writes, so that counting needs no locked instruction and the cores do not wait for each other; the threads beyond
/// share one more.
pub(crate) struct Counts<const N: usize> {
    /// What was counted before there were cells, less what the cells held when the count was last cleared.
    base: [AtomicU64; N],
    cells: OnceLock<Cells<N>>,
    /// How much must have been counted before there are cells.
    earns: u64,
}

/// What one thread has counted, on a cache line of its own.
#[repr(align(64))]
struct Cell<const N: usize>([AtomicU64; N]);

/// How many counts earn the cells, which fill a kilobyte.
const EARNS: u64 = 1000;

/// How many counts of a thread go by before it is told to look at the clock again.
pub(crate) const SELDOM: u64 = 64;

impl<const N: usize> Counts<N> {
    /// Counts of zero.
    pub(crate) const fn new() -> Self {
        Self::earning(EARNS)
    }

    /// The same for one of very many, which never grows.
    pub(crate) const fn compact() -> Self {
        Self::earning(u64::MAX)
    }

    pub(super) const fn earning(earns: u64) -> Self {
        Self { base: [const { AtomicU64::new(0) }; N], cells: OnceLock::new(), earns }
    }

    /// Counts one more of `which`.
    #[inline]
    pub(crate) fn increment(&self, which: usize) {
        self.add(which, 1);
    }

    /// Counts `by` more of `which`.
    #[inline]
    pub(crate) fn add(&self, which: usize, by: u64) {
        match self.cells.get() {
            Some(cells) => {
                cells.add(which, seat::seat(), by);
            }
            None => self.add_to_base(which, by),
        }
    }

    /// Counts one more of `which`, and says whether to look at the clock after it: always while it counts little, then
    /// after each [`SELDOM`]th of a thread.
    #[inline]
    pub(crate) fn increment_and_sample(&self, which: usize) -> bool {
        match self.cells.get() {
            Some(cells) => cells.add(which, seat::seat(), 1) % SELDOM == 0,
            None => {
                self.add_to_base(which, 1);
                true
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn add_to_base(&self, which: usize, by: u64) {
        let Some(base) = self.base.get(which) else { return };
        if base.fetch_add(by, Ordering::Relaxed) >= self.earns {
            self.cells.get_or_init(|| Cells::new(seat::count()));
        }
    }

    /// The count of `which`. Exact once the threads that count have been waited for.
    pub(crate) fn get(&self, which: usize) -> u64 {
        // First, as what it was cleared by has been read from the cells before.
        let base = self.base.get(which).map_or(0, |base| base.load(Ordering::Acquire));
        base.wrapping_add(self.in_cells(which))
    }

    /// Starts again at zero. What other threads count meanwhile may be lost.
    pub(crate) fn clear(&self, which: usize) {
        if let Some(base) = self.base.get(which) {
            base.store(self.in_cells(which).wrapping_neg(), Ordering::Release);
        }
    }

    fn in_cells(&self, which: usize) -> u64 {
        self.cells.get().map_or(0, |cells| cells.sum(which))
    }
}

/// A cell for each seat, behind one for the threads without a seat and those that have not asked for one yet.
pub(super) struct Cells<const N: usize>(Box<[Cell<N>]>);

impl<const N: usize> Cells<N> {
    pub(super) fn new(seats: usize) -> Self {
        Self((0..=seats).map(|_| Cell([const { AtomicU64::new(0) }; N])).collect())
    }

    /// Counts one more of `which`, for the thread that has that seat.
    #[cfg(all(test, mainstay_loom))]
    pub(super) fn increment(&self, which: usize, seat: usize) {
        self.add(which, seat, 1);
    }

    /// Counts `by` more of `which`, for the thread that has that seat, and gives what its cell now holds.
    #[inline]
    pub(super) fn add(&self, which: usize, seat: usize, by: u64) -> u64 {
        match self.0.get(seat).and_then(|own| own.0.get(which)) {
            // Nobody else writes this cell as long as this thread has the seat.
            Some(own) => {
                let count = own.load(Ordering::Relaxed).wrapping_add(by);
                own.store(count, Ordering::Relaxed);
                count
            }
            None => self.add_to_shared(which, by),
        }
    }

    #[cold]
    #[inline(never)]
    fn add_to_shared(&self, which: usize, by: u64) -> u64 {
        seat::ask();
        let shared = self.0.first().and_then(|shared| shared.0.get(which));
        shared.map_or(0, |shared| shared.fetch_add(by, Ordering::Relaxed).wrapping_add(by))
    }

    pub(super) fn sum(&self, which: usize) -> u64 {
        let in_use = self.0.iter().take(1 + seat::highest());
        let counts = in_use.filter_map(|cell| cell.0.get(which));
        counts.fold(0, |sum, count| sum.wrapping_add(count.load(Ordering::Relaxed)))
    }
}

impl<const N: usize> fmt::Debug for Counts<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..N).map(|which| self.get(which))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_count_is_lost_when_it_grows_nor_between_threads_that_come_and_go() {
        let counts = Counts::<2>::new();
        for _ in 0..4 {
            std::thread::scope(|scope| {
                for _ in 0..seat::count() + 8 {
                    scope.spawn(|| (0..1000).for_each(|n| counts.increment(n % 2)));
                }
            });
        }
        let each = 2000 * (seat::count() as u64 + 8);
        assert_eq!((counts.get(0), counts.get(1)), (each, each));
        assert!(counts.cells.get().is_some());
    }

    #[test]
    fn a_count_starts_again_at_zero_before_and_after_it_has_grown() {
        let counts = Counts::<2>::new();
        let count = |times| (0..times).for_each(|_| counts.increment(0));
        counts.increment(1);
        for times in [5, 3 * EARNS, 7] {
            count(times);
            assert_eq!(counts.get(0), times);
            counts.clear(0);
            assert_eq!((counts.get(0), counts.get(1)), (0, 1));
        }
    }

    #[test]
    fn a_compact_one_never_grows() {
        let counts = Counts::<1>::compact();
        (0..10 * EARNS).for_each(|_| counts.increment(0));
        assert_eq!(counts.get(0), 10 * EARNS);
        assert!(counts.cells.get().is_none());
        assert!(size_of::<Counts<4>>() <= 64);
    }
}
