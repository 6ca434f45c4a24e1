use std::{
    hash::BuildHasher,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use foldhash::fast::RandomState;
use indexmap::IndexMap;

use super::{
    CacheKey,
    engine::{Held, Sought},
    flight::Flight,
};

type Table<K, V> = IndexMap<Held<K>, Arc<Flight<K, V>>, RandomState>;

/// The loads under way, by key. What is kept under a key changes only under the lock of the key's part.
pub(super) struct Flights<K, V> {
    parts: [Mutex<Table<K, V>>; PARTS],
    hasher: RandomState,
}

const PARTS: usize = 16;

/// The part of the loads in which a key lies, locked.
pub(super) struct Part<'a, K, V>(MutexGuard<'a, Table<K, V>>);

impl<K: CacheKey<Owned = K> + Clone, V> Flights<K, V> {
    pub(super) fn new() -> Self {
        let hasher = RandomState::default();
        Self { parts: std::array::from_fn(|_| Mutex::new(IndexMap::with_hasher(hasher.clone()))), hasher }
    }

    pub(super) fn part<Q: CacheKey<Owned = K> + ?Sized>(&self, key: &Q) -> Part<'_, K, V> {
        let hash = self.hasher.hash_one(Sought(key));
        // The table uses the lower half.
        let part = (hash >> 32) as usize % PARTS;
        Part(self.parts[part].lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets all loads go their way: what they give is not kept.
    pub(super) fn forget_all(&self) {
        for part in &self.parts {
            let forgotten = std::mem::replace(
                &mut *part.lock().unwrap_or_else(PoisonError::into_inner),
                IndexMap::with_hasher(self.hasher.clone()),
            );
            drop(forgotten);
        }
    }
}

impl<K: CacheKey<Owned = K> + Clone, V> Part<'_, K, V> {
    pub(super) fn get<Q: CacheKey<Owned = K> + ?Sized>(&self, key: &Q) -> Option<&Arc<Flight<K, V>>> {
        self.0.get(&Sought(key))
    }

    /// A new load of that key.
    pub(super) fn begin<Q: CacheKey<Owned = K> + ?Sized>(
        &mut self,
        key: &Q,
        is_refresh: bool,
    ) -> Arc<Flight<K, V>> {
        let key = key.to_owned_key();
        let flight = Arc::new(Flight::new(key.clone(), is_refresh));
        self.0.insert(Held(key), Arc::clone(&flight));
        flight
    }

    /// Takes out the load of that key.
    pub(super) fn forget<Q: CacheKey<Owned = K> + ?Sized>(&mut self, key: &Q) -> Option<Arc<Flight<K, V>>> {
        self.0.swap_remove(&Sought(key))
    }

    /// Takes out this very load; `false` if another has its place, or none.
    pub(super) fn end(&mut self, flight: &Arc<Flight<K, V>>) -> bool {
        let is_it = self.get(&flight.key).is_some_and(|current| Arc::ptr_eq(current, flight));
        if is_it {
            self.forget(&flight.key);
        }
        is_it
    }
}
