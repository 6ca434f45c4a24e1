//! Numbers that many threads raise together: a row of words, of which threads that raise them often have one each.

use std::sync::OnceLock;

use crate::{
    observe::seat,
    sync::{AtomicU64, Ordering},
};

/// Eight words on a cache line of their own.
#[derive(Debug)]
#[repr(align(64))]
struct Line([AtomicU64; 8]);

/// How many records earn a row for each thread.
const EARNS: u64 = 1000;

/// A row of words that is one until it has earned to be many.
#[derive(Debug)]
pub(crate) struct Rows {
    /// The row of threads without a seat, and of all threads in the beginning.
    shared: Box<[Line]>,
    own: OnceLock<Box<[Line]>>,
    records: AtomicU64,
}

impl Rows {
    /// Rows of at least that many words.
    pub(crate) fn new(words: usize) -> Self {
        Self { shared: lines(words.div_ceil(8)), own: OnceLock::new(), records: AtomicU64::new(0) }
    }

    /// The row that this thread alone writes, if it has one.
    #[inline(always)]
    pub(crate) fn own(&self) -> Option<OwnRow<'_>> {
        // Seats are numbered from 1; the number for none is far beyond the end.
        let first = seat::seat().wrapping_sub(1).checked_mul(self.shared.len())?;
        Some(OwnRow(self.own.get()?.get(first..)?))
    }

    /// The row in which all other threads count, and all threads in the beginning.
    #[cold]
    #[inline(never)]
    pub(crate) fn shared(&self) -> SharedRow<'_> {
        seat::ask();
        if self.own.get().is_none() && self.records.fetch_add(1, Ordering::Relaxed) >= EARNS {
            self.own.get_or_init(|| lines(self.shared.len() * seat::count()));
        }
        SharedRow(&self.shared)
    }

    /// The sum of a word over all rows.
    pub(crate) fn sum(&self, word: usize) -> u64 {
        self.fold(word, 0, |sum, value| sum.wrapping_add(value))
    }

    /// The same for a word that holds an `f64`.
    pub(crate) fn sum_f64(&self, word: usize) -> f64 {
        self.fold(word, 0.0, |sum, bits| sum + f64::from_bits(bits))
    }

    fn fold<T>(&self, word: usize, first: T, add: impl Fn(T, u64) -> T) -> T {
        let stride = self.shared.len();
        let own = self.own.get().map_or(&[][..], |own| &own[..]);
        let in_use = stride.saturating_mul(seat::highest()).min(own.len());
        let own = own.get(..in_use).unwrap_or_default().chunks(stride);
        own.chain([&self.shared[..]]).fold(first, |sum, lines| match find(lines, word) {
            Some(value) => add(sum, value.load(Ordering::Relaxed)),
            None => sum,
        })
    }
}

fn lines(count: usize) -> Box<[Line]> {
    (0..count).map(|_| Line([const { AtomicU64::new(0) }; 8])).collect()
}

#[inline(always)]
fn find(lines: &[Line], word: usize) -> Option<&AtomicU64> {
    lines.get(word / 8).map(|line| &line.0[word % 8])
}

/// Where one thread counts.
pub(crate) trait Row: Copy {
    /// Adds to a word.
    fn add(self, word: usize, by: u64);
    /// Adds to a word that holds an `f64`.
    fn add_f64(self, word: usize, by: f64);
}

/// The row of one thread, and what comes after it: nobody else writes it as long as this thread has the seat.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OwnRow<'a>(&'a [Line]);

impl Row for OwnRow<'_> {
    #[inline(always)]
    fn add(self, word: usize, by: u64) {
        if let Some(word) = find(self.0, word) {
            word.store(word.load(Ordering::Relaxed).wrapping_add(by), Ordering::Relaxed);
        }
    }

    #[inline(always)]
    fn add_f64(self, word: usize, by: f64) {
        if let Some(word) = find(self.0, word) {
            word.store((f64::from_bits(word.load(Ordering::Relaxed)) + by).to_bits(), Ordering::Relaxed);
        }
    }
}

/// The row of many threads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SharedRow<'a>(&'a [Line]);

impl Row for SharedRow<'_> {
    fn add(self, word: usize, by: u64) {
        if let Some(word) = find(self.0, word) {
            word.fetch_add(by, Ordering::Relaxed);
        }
    }

    fn add_f64(self, word: usize, by: f64) {
        let Some(word) = find(self.0, word) else { return };
        let mut bits = word.load(Ordering::Relaxed);
        loop {
            let sum = (f64::from_bits(bits) + by).to_bits();
            match word.compare_exchange_weak(bits, sum, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return,
                Err(now) => bits = now,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(row: impl Row) {
        row.add(0, 1);
        row.add(9, 2);
        row.add_f64(10, 0.5);
    }

    #[test]
    fn nothing_is_lost_between_threads_that_come_and_go() {
        let rows = Rows::new(11);
        for _ in 0..3 {
            std::thread::scope(|scope| {
                for _ in 0..seat::count() + 8 {
                    scope.spawn(|| {
                        for _ in 0..1000 {
                            match rows.own() {
                                Some(row) => count(row),
                                None => count(rows.shared()),
                            }
                        }
                    });
                }
            });
        }
        let records = 3000 * (seat::count() as u64 + 8);
        assert!(rows.own.get().is_some());
        assert_eq!((rows.sum(0), rows.sum(9)), (records, 2 * records));
        assert_eq!(rows.sum_f64(10), records as f64 / 2.0);
    }
}
