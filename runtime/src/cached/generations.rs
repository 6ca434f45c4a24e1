//! How entries learn that what they came from has changed elsewhere.

use std::{
    hash::BuildHasher,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

/// How many counters keys share. A change of one key costs those that share its counter a load.
const COUNTERS: u32 = 4096;

/// A counter per key of the second tier, raised whenever what stands under the key is no longer true. An entry remembers the
/// count of the moment before its load began: if that has passed, the entry is out of date, however late it came.
#[derive(Default)]
pub(super) struct Generations {
    counters: OnceLock<Counters>,
    listening: Mutex<Vec<Listening>>,
    was_warned: AtomicBool,
    has_too_many: AtomicBool,
}

struct Counters {
    counts: Box<[AtomicU32]>,
    hasher: foldhash::fast::RandomState,
}

struct Listening {
    /// Where the store lies. Both keep it there.
    store: usize,
    _guard: Box<dyn Send + Sync>,
    _store: Box<dyn Send + Sync>,
}

/// The count of a key's counter at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    counter: u32,
    count: u32,
}

impl Stamp {
    /// That of an entry which comes from no second tier.
    pub(super) const NONE: Self = Self { counter: u32::MAX, count: 0 };
}

impl Generations {
    fn counters(&self) -> &Counters {
        self.counters.get_or_init(|| Counters {
            counts: (0..COUNTERS).map(|_| AtomicU32::new(0)).collect(),
            hasher: foldhash::fast::RandomState::default(),
        })
    }

    /// The stamp for a load of `key` that begins now.
    pub(super) fn stamp(&self, key: &str) -> Stamp {
        let counters = self.counters();
        let counter = counters.counter(key);
        Stamp { counter, count: counters.count(counter) }
    }

    /// Whether nothing has changed since.
    #[inline]
    pub(super) fn is_current(&self, stamp: Stamp) -> bool {
        stamp == Stamp::NONE
            || self.counters.get().is_none_or(|counters| counters.count(stamp.counter) == stamp.count)
    }

    /// What stands under `key` is no longer true.
    pub(super) fn pass(&self, key: &str) {
        let Some(counters) = self.counters.get() else { return };
        if let Some(count) = counters.counts.get(counters.counter(key) as usize) {
            count.fetch_add(1, Ordering::Release);
        }
    }

    /// Anything may have changed.
    pub(super) fn pass_all(&self) {
        let Some(counters) = self.counters.get() else { return };
        counters.counts.iter().for_each(|count| {
            count.fetch_add(1, Ordering::Release);
        });
    }

    /// Whether some store is listened to.
    pub(super) fn has_stores(&self) -> bool {
        !self.listening.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Whether to say that a second tier is left out: if there is one, and it has not been said.
    pub(super) fn warn_once(&self) -> bool {
        self.has_stores() && !self.was_warned.swap(true, Ordering::Relaxed)
    }

    /// Listens to the store that lies at `place`, unless that is done. Beyond `most` stores, `complain`s once instead.
    pub(super) fn listen_once(
        &self,
        place: usize,
        most: usize,
        listen: impl FnOnce() -> Box<dyn Send + Sync>,
        keep: impl FnOnce() -> Box<dyn Send + Sync>,
        complain: impl FnOnce(),
    ) {
        let mut listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        if listening.iter().any(|known| known.store == place) {
            return;
        }
        if listening.len() >= most {
            drop(listening);
            if !self.has_too_many.swap(true, Ordering::Relaxed) {
                complain();
            }
            return;
        }
        self.counters();
        listening.push(Listening { store: place, _guard: listen(), _store: keep() });
    }
}

impl Counters {
    fn counter(&self, key: &str) -> u32 {
        (self.hasher.hash_one(key) % u64::from(COUNTERS)) as u32
    }

    #[inline]
    fn count(&self, counter: u32) -> u32 {
        self.counts.get(counter as usize).map_or(0, |count| count.load(Ordering::Acquire))
    }
}

impl std::fmt::Debug for Generations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Generations").field("has_stores", &self.has_stores()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_out_of_date_once_its_key_has_changed() {
        let generations = Generations::default();
        assert!(generations.is_current(Stamp::NONE));
        let (first, stays) = (generations.stamp("a"), generations.stamp("a"));
        generations.pass("a");
        assert!(!generations.is_current(first) && !generations.is_current(stays));
        let second = generations.stamp("a");
        assert!(generations.is_current(second));
        generations.pass_all();
        assert!(!generations.is_current(second) && generations.is_current(Stamp::NONE));
    }
}
