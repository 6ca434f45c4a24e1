use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{
    CacheConfig, CacheKey, CacheValue,
    generations::Generations,
    shared::{FAILURES, HITS, LOADS, MISSES, STALE, Shared},
    typed::Typed,
};
use crate::{Name, overrides::Live};

/// Keeps answers for a while, so that what is asked for often is loaded seldom.
///
/// However many callers ask for a key that is not there, one of them loads it and the others get a clone of what it gives. If
/// that one is cancelled or panics, another goes on. The keys and values may be of any number of types: each pair of types
/// has its own room for `max_entries` values.
///
/// Whether a value is too old is told by the system's coarse clock, to within a few milliseconds.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::{Error, cached::Cache};
///
/// let squares = Cache::builder().ttl(Duration::from_secs(60)).build("squares")?;
/// let square = |n: u64| squares.get_or_load(&n, || Ok::<_, Error>(n * n));
/// assert_eq!((square(7), square(7), square(8)), (Ok(49), Ok(49), Ok(64)));
/// assert_eq!((squares.hits(), squares.loads()), (1, 2));
///
/// squares.remove(&7_u64);
/// assert_eq!(squares.get::<u64, u64>(&7), None);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
pub struct Cache {
    name: Name,
    pub(super) live: Live<CacheConfig>,
    /// The same, for the values of each type: loads under way may outlive this.
    of_types: OnceLock<Arc<Live<CacheConfig>>>,
    pub(super) typed: Typed,
    generations: OnceLock<Arc<Generations>>,
    was_warned: AtomicBool,
}

impl Cache {
    /// The configuration to start from. It has no `ttl` yet, which it needs.
    pub const fn builder() -> CacheConfig {
        CacheConfig::new(Duration::ZERO)
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: CacheConfig) -> Self {
        Self::new(Name::from_static(name), config)
    }

    pub(super) const fn new(name: Name, config: CacheConfig) -> Self {
        let was_warned = AtomicBool::new(false);
        Self {
            name,
            live: Live::new(config),
            of_types: OnceLock::new(),
            typed: Typed::new(),
            generations: OnceLock::new(),
            was_warned,
        }
    }

    /// The values of one type under keys of one type.
    #[inline]
    pub(super) fn shared<K, V>(&self) -> &Arc<Shared<K, V>>
    where
        K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
        V: CacheValue,
    {
        self.typed
            .get(|| Arc::new(Shared::new(self.name.clone(), self.of_types(), Arc::clone(self.generations()))))
    }

    pub(super) fn of_types(&self) -> &Arc<Live<CacheConfig>> {
        self.of_types.get_or_init(|| {
            let of_types = Live::new(*self.live.code());
            of_types.set(*self.live.get(), self.live.is_on());
            Arc::new(of_types)
        })
    }

    /// Lets the values of all types follow what was just set.
    pub(super) fn follow(&self) {
        self.of_types().set(*self.live.get(), self.live.is_on());
        self.typed.all().for_each(|typed| typed.follow());
    }

    pub(super) fn generations(&self) -> &Arc<Generations> {
        self.generations.get_or_init(Arc::default)
    }

    /// Whether it has a second tier that has not been told of as left out. It is, from now on.
    pub(super) fn leaves_out_store(&self) -> bool {
        self.generations.get().is_some_and(|generations| generations.warn_once())
    }

    /// The value under the key, if it is there and fresh.
    #[inline]
    pub fn get<Q, V>(&self, key: &Q) -> Option<V>
    where
        Q: CacheKey + ?Sized,
        V: CacheValue,
    {
        let value = self.fresh_value(key);
        if value.is_none() && self.live.is_on() {
            self.shared::<Q::Owned, V>().count(MISSES);
        }
        value
    }

    /// Keeps a value under the key, in place of what is there. A load of the key that is under way will not replace it.
    pub fn insert<Q, V>(&self, key: &Q, value: V)
    where
        Q: CacheKey + ?Sized,
        V: CacheValue,
    {
        self.shared::<Q::Owned, V>().insert(key, value);
    }

    /// Removes what is kept under the key, values of all types. Whether there was something. What a load gives that is under
    /// way is not kept.
    pub fn remove<Q: CacheKey + ?Sized>(&self, key: &Q) -> bool {
        let key = key.to_owned_key();
        self.warn_of_strange_key::<Q::Owned>();
        self.typed.all().fold(false, |was_there, typed| typed.remove(&key) | was_there)
    }

    /// Removes everything. What loads give that are under way is not kept.
    pub fn clear(&self) {
        if let Some(generations) = self.generations.get() {
            generations.pass_all();
        }
        self.typed.all().for_each(|typed| typed.clear());
    }

    /// A key of a type that no value is kept under removes nothing, and that is no one's intention.
    fn warn_of_strange_key<K: 'static>(&self) {
        let known: Vec<_> = self.typed.all().map(|typed| typed.key_type()).collect();
        let is_strange =
            !known.is_empty() && !known.iter().any(|(known, _)| *known == std::any::TypeId::of::<K>());
        if is_strange && !self.was_warned.swap(true, Ordering::Relaxed) {
            let (given, known) = (std::any::type_name::<K>(), known.iter().map(|(_, name)| *name));
            let known: Vec<_> = known.collect();
            tracing::error!(
                target: "mainstay",
                policy = self.name.as_str(),
                "a key of type `{given}` is removed from the cache `{}`, whose keys are of type `{}`: nothing is removed; \
                 give the key in the type that the values are kept under",
                self.name,
                known.join("`, `"),
            );
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// How many values are kept, those too old among them that nothing has replaced yet.
    pub fn len(&self) -> usize {
        self.typed.all().map(|typed| typed.len()).sum()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn counted(&self, which: usize) -> u64 {
        self.typed.all().fold(0, |sum, typed| sum.saturating_add(typed.counted(which)))
    }

    /// How many calls were answered by a fresh value since the program started.
    pub fn hits(&self) -> u64 {
        self.counted(HITS)
    }

    /// How many calls found nothing that would do. They loaded, or waited for another's load.
    pub fn misses(&self) -> u64 {
        self.counted(MISSES)
    }

    /// How many loads have ended, by a value or an error.
    pub fn loads(&self) -> u64 {
        self.counted(LOADS)
    }

    /// How many loads have ended by an error.
    pub fn load_failures(&self) -> u64 {
        self.counted(FAILURES)
    }

    /// How many calls were answered by a value past its ttl.
    pub fn stale_served(&self) -> u64 {
        self.counted(STALE)
    }

    /// How many values went for want of room.
    pub fn evictions(&self) -> u64 {
        self.typed.all().fold(0, |sum, typed| sum.saturating_add(typed.evicted()))
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    /// The options in force.
    pub(super) fn config(&self) -> &CacheConfig {
        self.live.get()
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("name", &self.name)
            .field("config", self.config())
            .finish_non_exhaustive()
    }
}
