//! The bounded queue between those who finish spans and the thread that sends them.
//!
//! Each of the first threads has a shard of its own, so that its lock is one that nobody else holds, but for the moment in
//! which a shard is emptied. What the queue may hold is dealt out in credits: a shard takes some for its thread at a
//! time, and only then touches the word that all threads share.

use std::sync::PoisonError;

use crate::sync::{AtomicU64, Mutex, MutexGuard, Ordering};

pub(super) struct Shards<T> {
    shards: Box<[Shard<T>]>,
    /// Credits in nobody's hands.
    free: AtomicU64,
    capacity: AtomicU64,
    /// How many credits a shard takes at a time.
    chunk: AtomicU64,
}

/// On cache lines of its own.
#[repr(align(128))]
struct Shard<T>(Mutex<Waiting<T>>);

struct Waiting<T> {
    items: Vec<T>,
    credit: u64,
    open: bool,
}

/// For how many a shard that was emptied has memory at least.
const ROOM: usize = 128;

/// What became of something that was pushed.
#[derive(Debug, PartialEq)]
pub(super) enum Pushed<T> {
    Kept,
    /// Kept, and a good moment to look whether there is enough for a batch: so many places are taken or dealt out.
    Used(u64),
    /// There is no room, or nobody takes anything any more.
    Refused(T),
}

impl<T> Shards<T> {
    /// Closed ones: one for all, and one for each of `seats`.
    pub(super) fn new(seats: usize) -> Self {
        let closed = || Shard(Mutex::new(Waiting { items: Vec::new(), credit: 0, open: false }));
        Self {
            shards: (0..=seats).map(|_| closed()).collect(),
            free: AtomicU64::new(0),
            capacity: AtomicU64::new(0),
            chunk: AtomicU64::new(1),
        }
    }

    /// Lets `capacity` in. Nobody may be at work on what was in before.
    pub(super) fn open(&self, capacity: usize, batch: usize) {
        let (capacity, seats) = (capacity as u64, self.shards.len() as u64);
        // What lies in the hands of threads that do nothing is a quarter at most.
        let most = (capacity / (4 * seats)).min(batch as u64 / 4);
        self.chunk.store(most.clamp(1, 32), Ordering::Relaxed);
        self.capacity.store(capacity, Ordering::Relaxed);
        self.free.store(capacity, Ordering::Relaxed);
        for shard in &self.shards {
            let mut waiting = shard.lock();
            waiting.credit = 0;
            waiting.open = true;
        }
    }

    /// Puts `item` into the shard of that seat, or into the one for all.
    #[inline]
    pub(super) fn push(&self, seat: usize, item: T) -> Pushed<T> {
        let Some(shard) = self.shards.get(seat).or(self.shards.first()) else { return Pushed::Refused(item) };
        let mut waiting = shard.lock();
        let mut pushed = Pushed::Kept;
        if waiting.credit == 0 {
            match self.take_credit() {
                Some((credit, used)) if waiting.open => {
                    waiting.credit = credit;
                    pushed = Pushed::Used(used);
                }
                taken => {
                    drop(waiting);
                    self.give(taken.map_or(0, |(credit, _)| credit));
                    return Pushed::Refused(item);
                }
            }
        }
        waiting.credit -= 1;
        waiting.items.push(item);
        pushed
    }

    /// Some credits, and how many are then in use.
    #[cold]
    fn take_credit(&self) -> Option<(u64, u64)> {
        let chunk = self.chunk.load(Ordering::Relaxed);
        let taken = self.free.fetch_update(Ordering::AcqRel, Ordering::Relaxed, |free| {
            (free > 0).then(|| free - free.min(chunk))
        });
        let before = taken.ok()?;
        let credit = before.min(chunk);
        Some((credit, self.capacity.load(Ordering::Relaxed).saturating_sub(before - credit)))
    }

    /// Makes room for that many more.
    pub(super) fn give(&self, credit: u64) {
        if credit > 0 {
            self.free.fetch_add(credit, Ordering::AcqRel);
        }
    }

    /// Moves everything to `into`. It counts as being here until [`give`](Self::give) is told otherwise. `spare` is an empty
    /// vector between calls.
    pub(super) fn drain(&self, into: &mut Vec<T>, spare: &mut Vec<T>, close: bool) {
        for shard in &self.shards {
            // Whoever fills it next should not have to find the memory.
            spare.reserve(ROOM);
            let credit = {
                let mut waiting = shard.lock();
                waiting.open &= !close;
                if !waiting.items.is_empty() {
                    std::mem::swap(&mut waiting.items, spare);
                }
                std::mem::take(&mut waiting.credit)
            };
            self.give(credit);
            into.append(spare);
        }
    }

    /// Takes nothing any more, and leaves what is there.
    pub(super) fn close(&self) {
        for shard in &self.shards {
            let credit = {
                let mut waiting = shard.lock();
                waiting.open = false;
                std::mem::take(&mut waiting.credit)
            };
            self.give(credit);
        }
    }

    /// How many places are taken. Exact while nothing is pushed.
    pub(super) fn used(&self) -> u64 {
        let idle: u64 = self.shards.iter().map(|shard| shard.lock().credit).sum();
        let (capacity, free) = (self.capacity.load(Ordering::Relaxed), self.free.load(Ordering::Acquire));
        capacity.saturating_sub(free.saturating_add(idle))
    }
}

impl<T> Shard<T> {
    #[inline]
    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, not(mainstay_loom)))]
mod tests {
    use super::*;

    fn pushed(shards: &Shards<u32>, seat: usize, count: u32) -> u32 {
        (0..count).filter(|n| !matches!(shards.push(seat, *n), Pushed::Refused(_))).count() as u32
    }

    #[test]
    fn no_more_is_kept_than_fits_whichever_threads_come() {
        let shards = Shards::new(4);
        shards.open(100, 16);
        assert_eq!(pushed(&shards, 1, 60) + pushed(&shards, 2, 60) + pushed(&shards, 9, 60), 100);
        assert_eq!(shards.used(), 100);
        let (mut out, mut spare) = (Vec::new(), Vec::new());
        shards.drain(&mut out, &mut spare, false);
        assert_eq!((out.len(), shards.used()), (100, 100));
        assert_eq!(pushed(&shards, 1, 1), 0);
        shards.give(100);
        assert_eq!((pushed(&shards, 3, 200), shards.used()), (100, 100));
    }

    #[test]
    fn one_thread_may_use_almost_all_and_all_of_it_when_the_others_do_nothing() {
        let shards = Shards::new(16);
        shards.open(16_384, 512);
        pushed(&shards, 2, 1);
        assert!(pushed(&shards, 1, 20_000) >= 16_384 - 32);
    }

    #[test]
    fn a_closed_one_refuses_and_says_what_it_still_holds() {
        let shards = Shards::new(1);
        assert_eq!(shards.push(1, 7), Pushed::Refused(7));
        shards.open(10, 8);
        assert_eq!(pushed(&shards, 1, 3), 3);
        shards.close();
        assert_eq!((pushed(&shards, 1, 3), shards.used()), (0, 3));
        let (mut out, mut spare) = (Vec::new(), Vec::new());
        shards.drain(&mut out, &mut spare, true);
        assert_eq!(out, [0, 1, 2]);
    }
}
