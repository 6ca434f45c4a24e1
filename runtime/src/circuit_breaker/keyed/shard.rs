use std::{
    hash::{BuildHasherDefault, Hasher},
    sync::Arc,
};

use indexmap::IndexMap;

use crate::circuit_breaker::{
    CircuitBreaker, State,
    totals::{self, Sums},
    word::{Mode, Phase},
};

/// A part of the keys, with a bound of its own.
#[derive(Debug)]
pub(super) struct Shard {
    by_hash: IndexMap<u64, Entry, BuildHasherDefault<Already>>,
    bound: usize,
    /// Counts the uses, for telling which came first.
    uses: u64,
    /// Where the next look for somebody to evict begins.
    hand: usize,
    /// How many evictions still rely on the last look at all entries, which found none that does not refuse.
    sure: usize,
    /// What the breakers that are forgotten had counted.
    gone: Sums,
}

#[derive(Debug)]
struct Entry {
    breaker: Arc<CircuitBreaker>,
    used: u64,
}

/// How little is lost with an entry; the least goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    /// Nothing: closed, nothing counted.
    Blank,
    /// Closed, with something counted.
    Closed,
    /// Open, half-open, or under an order.
    Refusing,
    /// Somebody holds it.
    Held,
}

/// How many of the entries are looked at, of those after the hand and of the newest. A flood of new keys so pushes out
/// itself.
const AFTER_HAND: usize = 6;
const NEWEST: usize = 2;

/// A look at all entries that found only such as refuse calls is good until one of so many has been replaced: it takes
/// tens of microseconds, which a flood of failing keys must not cost each time.
const SURE: usize = 16;

impl Shard {
    pub(super) fn new(bound: usize) -> Self {
        Self { by_hash: IndexMap::default(), bound, uses: 0, hand: 0, sure: 0, gone: Sums::default() }
    }

    pub(super) fn get(&mut self, hash: u64) -> Option<Arc<CircuitBreaker>> {
        self.uses += 1;
        let entry = self.by_hash.get_mut(&hash)?;
        entry.used = self.uses;
        Some(Arc::clone(&entry.breaker))
    }

    /// Adds a breaker, and gives back the one that had to go for it.
    pub(super) fn insert(&mut self, hash: u64, breaker: Arc<CircuitBreaker>) -> Option<Arc<CircuitBreaker>> {
        let evicted = if self.by_hash.len() >= self.bound { self.evict() } else { None };
        self.by_hash.insert(hash, Entry { breaker, used: self.uses });
        evicted
    }

    pub(super) fn remove(&mut self, hash: u64) -> Option<Arc<CircuitBreaker>> {
        let removed = self.by_hash.swap_remove(&hash).map(|entry| entry.breaker);
        self.forget(removed)
    }

    /// Forgets everything, and what was counted.
    pub(super) fn clear(&mut self) -> Vec<Arc<CircuitBreaker>> {
        (self.sure, self.gone) = (0, Sums::default());
        std::mem::take(&mut self.by_hash).into_values().map(|entry| entry.breaker).collect()
    }

    /// Another bound; what has to go for it.
    pub(super) fn set_bound(&mut self, bound: usize) -> Vec<Arc<CircuitBreaker>> {
        (self.bound, self.sure) = (bound, 0);
        let excess = self.by_hash.len().saturating_sub(bound);
        (0..excess).filter_map(|_| self.evict()).collect()
    }

    pub(super) fn breakers(&self) -> Vec<Arc<CircuitBreaker>> {
        self.by_hash.values().map(|entry| Arc::clone(&entry.breaker)).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.by_hash.len()
    }

    pub(super) fn states(&self) -> Vec<State> {
        self.by_hash.values().map(|entry| entry.breaker.state()).collect()
    }

    /// What all breakers have counted, those that are forgotten included.
    pub(super) fn sums(&self) -> Sums {
        let mut sums = self.gone;
        self.by_hash.values().for_each(|entry| totals::add(&mut sums, entry.breaker.sums()));
        sums
    }

    /// Keeps what a breaker has counted that goes. Under the lock, so that no sum ever goes down.
    fn forget(&mut self, breaker: Option<Arc<CircuitBreaker>>) -> Option<Arc<CircuitBreaker>> {
        breaker.inspect(|breaker| totals::add(&mut self.gone, breaker.sums()))
    }

    /// The least worthy of a few; where those all refuse calls, of all, so that no flood of keys closes an open
    /// breaker while there is known to be anything else to forget.
    fn evict(&mut self) -> Option<Arc<CircuitBreaker>> {
        let len = self.by_hash.len().max(1);
        let hand = self.hand;
        self.hand = (hand + AFTER_HAND) % len;
        let sample = (len.saturating_sub(NEWEST)..len).chain((hand..hand + AFTER_HAND).map(|at| at % len));
        let (worth, _, mut index) = self.least(sample)?;
        if worth >= Worth::Refusing {
            if self.sure > 0 {
                self.sure -= 1;
            } else {
                let least = self.least(0..len)?;
                index = least.2;
                self.sure = if least.0 >= Worth::Refusing { len / SURE } else { 0 };
            }
        }
        let evicted = self.by_hash.swap_remove_index(index).map(|(_, entry)| entry.breaker);
        self.forget(evicted)
    }

    /// The first that is worth nothing, else the one worth least, used longest ago.
    fn least(&self, indices: impl Iterator<Item = usize>) -> Option<(Worth, u64, usize)> {
        let mut least = None;
        for index in indices {
            let Some((_, entry)) = self.by_hash.get_index(index) else { continue };
            let this = (worth(&entry.breaker), entry.used, index);
            if this.0 == Worth::Blank {
                return Some(this);
            }
            least = Some(least.map_or(this, |least| this.min(least)));
        }
        least
    }
}

fn worth(breaker: &Arc<CircuitBreaker>) -> Worth {
    if Arc::strong_count(breaker) > 1 {
        return Worth::Held;
    }
    let word = breaker.word();
    if word.mode() != Mode::Normal || word.phase() != Phase::Closed {
        return Worth::Refusing;
    }
    let blank = word.run() == 0 && breaker.try_locked().is_some_and(|locked| locked.machine.is_blank());
    if blank { Worth::Blank } else { Worth::Closed }
}

/// For keys that are hashes already.
#[derive(Debug, Default)]
struct Already(u64);

impl Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
