use std::{
    sync::{Arc, Mutex, PoisonError},
    task::Waker,
    time::Duration,
};

use super::{
    CacheConfig, CacheKey, CacheValue,
    engine::{Engine, Evicted},
    entry::{Entry, Failure, Outcome, Stored},
    flight::{Flight, NobodyWaits},
    flights::Flights,
    generations::{Generations, Stamp},
    lead::Lead,
    wait::Wait,
};
use crate::{
    Name,
    clock::{Instant, coarse_now},
    observe::Counts,
    overrides::Live,
};

pub(super) const HITS: usize = 0;
pub(super) const MISSES: usize = 1;
pub(super) const LOADS: usize = 2;
pub(super) const FAILURES: usize = 3;
pub(super) const STALE: usize = 4;
/// How many things are counted.
pub(super) const COUNTS: usize = 5;

/// The values of one type under keys of one type. Loads own a share of it, and so may outlive the call that began them.
pub(super) struct Shared<K, V> {
    pub(super) name: Name,
    live: Arc<Live<CacheConfig>>,
    entries: Mutex<u32>,
    engine: Engine<K, V>,
    flights: Flights<K, V>,
    counts: Counts<COUNTS>,
    pub(super) generations: Arc<Generations>,
}

/// How a call goes on that found nothing fresh.
pub(super) enum Step<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue> {
    /// Somebody was quicker.
    Found(Stored<V>),
    /// An old value will do; with the load, if it is for this call to see to it.
    Stale(V, Option<Lead<K, V>>),
    /// It is for this call to load.
    Lead(Lead<K, V>),
    /// Somebody else loads.
    Wait(Wait<K, V>),
}

impl<K, V> Shared<K, V>
where
    K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
    V: CacheValue,
{
    pub(super) fn new(name: Name, live: &Arc<Live<CacheConfig>>, generations: Arc<Generations>) -> Self {
        let (live, entries) = (Arc::clone(live), live.get().entries());
        Self {
            name,
            live,
            entries: Mutex::new(entries),
            engine: Engine::new(entries),
            flights: Flights::new(),
            counts: Counts::new(),
            generations,
        }
    }

    /// The options in force.
    pub(super) fn config(&self) -> &CacheConfig {
        self.live.get()
    }

    pub(super) fn follow(&self) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = self.config().entries();
        if std::mem::replace(&mut *entries, wanted) != wanted {
            self.engine.set_entries(wanted);
        }
    }

    #[inline]
    pub(super) fn count(&self, which: usize) {
        self.counts.increment(which);
    }

    pub(super) fn counted(&self, which: usize) -> u64 {
        self.counts.get(which)
    }

    /// What is kept under the key, fresh or not, unless it is known to be no longer true.
    fn current<Q: CacheKey<Owned = K> + ?Sized>(&self, key: &Q) -> Option<Entry<V>> {
        self.engine.get(key).filter(|entry| self.generations.is_current(entry.stamp))
    }

    /// The value under the key if it is fresh.
    #[inline]
    pub(super) fn fresh_value<Q: CacheKey<Owned = K> + ?Sized>(&self, key: &Q) -> Option<V> {
        let entry = self.engine.get(key)?;
        if coarse_now() >= entry.fresh_until || !self.generations.is_current(entry.stamp) {
            return None;
        }
        match entry.stored {
            Stored::Value(value) | Stored::Absent(value) => Some(value),
            Stored::Error(_) => None,
        }
    }

    /// An old value, if `time` after its ttl is not yet over.
    fn stale(entry: Entry<V>, time: Duration, now: Instant) -> Option<V> {
        match entry.stored {
            Stored::Value(value) if now < entry.fresh_until + time => Some(value),
            _ => None,
        }
    }

    /// What to do where nothing fresh was found. `reads` tells whether the caller can make something of a shared error.
    pub(super) fn begin<Q: CacheKey<Owned = K> + ?Sized>(
        self: &Arc<Self>,
        key: &Q,
        reads: impl Fn(&Failure) -> bool,
    ) -> Step<K, V> {
        let Some(config) = self.live.in_force() else {
            return Step::Lead(Lead::alone(Arc::clone(self), key));
        };
        let stale_time = config.stale_time();
        let of_use = |stored: &Stored<V>| match stored {
            Stored::Value(_) | Stored::Absent(_) => true,
            Stored::Error(failure) => reads(failure),
        };
        let mut part = self.flights.part(key);
        // Loads end under this lock: if none is under way, what the last one left is here.
        let entry = self.current(key);
        let now = coarse_now();
        let old = match entry {
            Some(entry) if now < entry.fresh_until && of_use(&entry.stored) => {
                drop(part);
                self.count(HITS);
                return Step::Found(entry.stored);
            }
            Some(entry) if !stale_time.is_zero() => Self::stale(entry, stale_time, now),
            _ => None,
        };
        if let Some(flight) = part.get(key) {
            if let Some(value) = old {
                drop(part);
                self.count(STALE);
                return Step::Stale(value, None);
            }
            // A refresh that has outlived the old value may hang, and no caller can end it: this call loads in its place.
            if !flight.is_refresh {
                let (flight, ticket) = (Arc::clone(flight), flight.join());
                drop(part);
                self.count(MISSES);
                return Step::Wait(Wait::new(Arc::clone(self), flight, ticket));
            }
        }
        let flight = part.begin(key, old.is_some());
        drop(part);
        let lead = Lead::new(Arc::clone(self), flight);
        self.count(if old.is_some() { STALE } else { MISSES });
        match old {
            Some(value) => Step::Stale(value, Some(lead)),
            None => Step::Lead(lead),
        }
    }

    /// The value that stands in for a failed load.
    pub(super) fn stand_in(&self, key: &K, config: &CacheConfig) -> Option<V> {
        let time = config.stand_in_time();
        if time.is_zero() {
            return None;
        }
        let value = Self::stale(self.current(key)?, time, coarse_now())?;
        self.count(STALE);
        Some(value)
    }

    /// Whether callers still get an old value, for which an error is no replacement.
    pub(super) fn serves_old(&self, key: &K, config: &CacheConfig) -> bool {
        let old = self.current(key).and_then(|entry| Self::stale(entry, config.stale_time(), coarse_now()));
        old.is_some()
    }

    /// The load is over: those who wait get what it gave, and it is kept if there is a `keep`, unless the key was removed
    /// meanwhile.
    pub(super) fn finish(&self, flight: &Arc<Flight<K, V>>, outcome: Outcome<V>, keep: Option<Keep>) {
        let mut part = self.flights.part(&flight.key);
        let is_current = part.end(flight);
        // Nobody joins what lies in no table any more.
        let has_waiters = flight.waiting() > 0;
        let (entry, outcome) = match keep.filter(|_| is_current) {
            Some(keep) if has_waiters => (Some((keep, outcome.stored.clone())), Some(outcome)),
            Some(keep) => (Some((keep, outcome.stored)), None),
            None => (None, has_waiters.then_some(outcome)),
        };
        let evicted: Option<Evicted<K, V>> = entry.map(|(keep, stored)| {
            let entry = Entry { stored, fresh_until: coarse_now() + keep.time, stamp: keep.stamp };
            self.engine.insert(flight.key.clone(), entry)
        });
        drop(part);
        drop(evicted);
        if let Some(outcome) = outcome {
            flight.finish(Arc::new(outcome)).into_iter().for_each(Waker::wake);
        }
    }

    /// Whoever was to load went away. One of those who wait goes on.
    pub(super) fn abandon(&self, flight: &Arc<Flight<K, V>>) {
        let mut part = self.flights.part(&flight.key);
        let next = match flight.pass_on() {
            Ok(waker) => waker,
            Err(NobodyWaits) => {
                part.end(flight);
                None
            }
        };
        drop(part);
        if let Some(waker) = next {
            waker.wake();
        }
    }

    /// Keeps a value that no load gave.
    pub(super) fn insert<Q: CacheKey<Owned = K> + ?Sized>(&self, key: &Q, value: V) {
        let config = self.config();
        let time = config.jittered(config.time_of(false), fastrand::f64());
        let entry =
            Entry { stored: Stored::Value(value), fresh_until: coarse_now() + time, stamp: Stamp::NONE };
        let mut part = self.flights.part(key);
        let forgotten = part.forget(key);
        let evicted = self.engine.insert(key.to_owned_key(), entry);
        drop(part);
        drop((forgotten, evicted));
    }

    /// Removes the value. A load under way is not kept.
    pub(super) fn remove(&self, key: &K) -> bool {
        let mut part = self.flights.part(key);
        let forgotten = part.forget(key);
        let removed = self.engine.remove(key);
        drop(part);
        let was_there = removed.is_some();
        drop((forgotten, removed));
        was_there
    }

    /// Removes all values. Loads under way are not kept.
    pub(super) fn clear(&self) {
        self.flights.forget_all();
        self.engine.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.engine.len()
    }

    pub(super) fn evicted(&self) -> u64 {
        self.engine.evicted()
    }
}

/// How something is kept.
pub(super) struct Keep {
    pub(super) time: Duration,
    pub(super) stamp: Stamp,
}
