use std::{
    hash::{Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use foldhash::fast::RandomState;
use quick_cache::{Equivalent, Lifecycle, UnitWeighter, sync};

use super::{CacheKey, entry::Entry};

/// The cache engine, quick_cache, with keys that are looked up in any of their forms. Measured beside others it is the
/// quickest that is bounded; with its sharded lock, hits of one key scale.
pub(super) struct Engine<K, V> {
    cache: sync::Cache<Held<K>, Entry<V>, UnitWeighter, RandomState, Evictions>,
    evicted: Arc<AtomicU64>,
}

/// A key that is kept.
#[derive(Clone)]
pub(super) struct Held<K>(pub(super) K);

/// A key that is looked for.
pub(super) struct Sought<'a, Q: ?Sized>(pub(super) &'a Q);

impl<K: CacheKey<Owned = K>> Hash for Held<K> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash_key(state);
    }
}

impl<K: CacheKey<Owned = K>> PartialEq for Held<K> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.0.is(&other.0)
    }
}

impl<K: CacheKey<Owned = K>> Eq for Held<K> {}

impl<Q: CacheKey + ?Sized> Hash for Sought<'_, Q> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash_key(state);
    }
}

impl<Q: CacheKey + ?Sized> Equivalent<Held<Q::Owned>> for Sought<'_, Q> {
    #[inline]
    fn equivalent(&self, held: &Held<Q::Owned>) -> bool {
        self.0.is(&held.0)
    }
}

/// Counts what goes for want of room.
#[derive(Clone)]
struct Evictions(Arc<AtomicU64>);

impl<K, V> Lifecycle<Held<K>, Entry<V>> for Evictions {
    type RequestState = Evicted<K, V>;

    fn on_evict(&self, state: &mut Self::RequestState, key: Held<K>, entry: Entry<V>) {
        self.0.fetch_add(1, Ordering::Relaxed);
        state.0.push((key, entry));
    }
}

/// What went, to be dropped when no lock is held.
pub(super) struct Evicted<K, V>(Vec<(Held<K>, Entry<V>)>);

impl<K, V> Default for Evicted<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V> Engine<K, V>
where
    K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(super) fn new(entries: u32) -> Self {
        let evicted = Arc::<AtomicU64>::default();
        let entries = entries as usize;
        let cache = sync::Cache::with(
            entries,
            entries as u64,
            UnitWeighter,
            RandomState::default(),
            Evictions(Arc::clone(&evicted)),
        );
        Self { cache, evicted }
    }

    #[inline]
    pub(super) fn get<Q: CacheKey<Owned = K> + ?Sized>(&self, key: &Q) -> Option<Entry<V>> {
        self.cache.get(&Sought(key))
    }

    /// Keeps the entry and gives what has to go for it.
    pub(super) fn insert(&self, key: K, entry: Entry<V>) -> Evicted<K, V> {
        let mut evicted = Evicted::default();
        self.cache.insert_with_lifecycle(Held(key), entry, &mut evicted);
        evicted
    }

    pub(super) fn remove<Q: CacheKey<Owned = K> + ?Sized>(&self, key: &Q) -> Option<(Held<K>, Entry<V>)> {
        self.cache.remove(&Sought(key))
    }

    /// Keeps so many entries from now on; what is too much goes at once.
    pub(super) fn set_entries(&self, entries: u32) {
        self.cache.set_capacity(entries.into());
    }

    pub(super) fn clear(&self) {
        self.cache.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.cache.len()
    }

    pub(super) fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }
}
