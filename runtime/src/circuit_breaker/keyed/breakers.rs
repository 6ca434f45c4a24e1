use std::{
    fmt,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Arc, OnceLock, PoisonError},
};

use super::shard::Shard;
use crate::{
    Name,
    circuit_breaker::{
        CircuitBreaker, CircuitBreakerConfig, State,
        totals::{self, Sums},
    },
    overrides::Live,
    sync::{Mutex, MutexGuard},
};

/// One circuit breaker per key, such as one per host or tenant, all configured alike.
///
/// It remembers at most [`max_keys`](CircuitBreakerConfig::max_keys) keys. When there are more, those go first whose
/// breaker knows nothing that a new one would not, then closed ones that were not used for long; an open breaker goes
/// only where nothing else is left, which is looked up anew when one in sixteen has gone. A key that went starts again with a closed breaker and its totals at zero. The
/// keys are spread over shards that are bounded each, so the first may go a few per cent before the limit.
///
/// Keys are known by a 64-bit hash with a random seed, so nobody can choose keys that collide. Two keys whose hashes
/// are equal share a breaker; among a million keys the odds of one such pair are 1 in 37 million.
///
/// ```
/// use mainstay_runtime::{Error, circuit_breaker::CircuitBreaker};
///
/// let hosts = CircuitBreaker::builder().failure_threshold(3).max_keys(1000).build_keyed("hosts")?;
/// let breaker = hosts.get("eu-1.example.com");
/// assert_eq!(breaker.call(|| Ok::<_, Error>("hello")), Ok("hello"));
/// assert_eq!(hosts.len(), 1);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
pub struct KeyedCircuitBreaker {
    name: Name,
    live: Live<CircuitBreakerConfig>,
    /// The same, for the breakers of the keys: they may outlive this.
    of_all: OnceLock<Arc<Live<CircuitBreakerConfig>>>,
    hasher: OnceLock<RandomState>,
    shards: OnceLock<Box<[Mutex<Shard>]>>,
}

impl KeyedCircuitBreaker {
    /// One in a static of generated code.
    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: CircuitBreakerConfig) -> Self {
        Self::new(Name::from_static(name), config.checked_keyed())
    }

    pub(in crate::circuit_breaker) const fn new(name: Name, config: CircuitBreakerConfig) -> Self {
        Self {
            name,
            live: Live::new(config),
            of_all: OnceLock::new(),
            hasher: OnceLock::new(),
            shards: OnceLock::new(),
        }
    }

    /// Its name, which is that of the breaker of every key.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(in crate::circuit_breaker) fn shared_name(&self) -> &Name {
        &self.name
    }

    /// What the breaker of every key goes by: the options in force.
    pub fn config(&self) -> &CircuitBreakerConfig {
        self.live.get()
    }

    pub(in crate::circuit_breaker) const fn live(&self) -> &Live<CircuitBreakerConfig> {
        &self.live
    }

    fn of_all(&self) -> &Arc<Live<CircuitBreakerConfig>> {
        self.of_all.get_or_init(|| {
            let of_all = Live::new(*self.live.code());
            of_all.set(*self.live.get(), self.live.is_on());
            Arc::new(of_all)
        })
    }

    /// Lets the breakers of all keys follow what was just set.
    pub(in crate::circuit_breaker) fn follow(&self) {
        self.of_all().set(*self.live.get(), self.live.is_on());
        // A breaker that is made while this goes on is made under the lock of its shard: before this comes by, and is
        // reached, or after it, and finds the new configuration.
        let bounds = bounds(self.live.get().max_keys, self.shards().len());
        for (shard, bound) in self.shards().iter().zip(bounds) {
            let (gone, here) = {
                let mut shard = lock(shard);
                (shard.set_bound(bound), shard.breakers())
            };
            drop(gone);
            here.iter().for_each(|breaker| breaker.changed());
        }
    }

    /// The breaker of that key; a new one if the key is not remembered.
    ///
    /// Keep it for the call, not for longer: a breaker in use may still be forgotten when all are, and then the next
    /// one to ask gets another.
    pub fn get<K: Hash + ?Sized>(&self, key: &K) -> Arc<CircuitBreaker> {
        let hash = self.hash(key);
        let mut shard = self.shard(hash);
        if let Some(breaker) = shard.get(hash) {
            return breaker;
        }
        let breaker = Arc::new(CircuitBreaker::compact(self.name.clone(), self.of_all()));
        let evicted = shard.insert(hash, Arc::clone(&breaker));
        drop(shard);
        drop(evicted);
        breaker
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.locked_shards().map(|shard| shard.len()).sum()
    }

    /// Whether no key is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets a key; whether it was remembered. Calls in flight end as they may.
    pub fn remove<K: Hash + ?Sized>(&self, key: &K) -> bool {
        let hash = self.hash(key);
        let removed = self.shard(hash).remove(hash);
        removed.is_some()
    }

    /// Forgets all keys, and what was counted. The breakers still held by somebody are reset.
    pub fn reset(&self) {
        let forgotten: Vec<_> = self.locked_shards().flat_map(|mut shard| shard.clear()).collect();
        for breaker in forgotten.iter().filter(|breaker| Arc::strong_count(breaker) > 1) {
            breaker.reset();
        }
    }

    /// How many calls of all keys have succeeded since it was made or reset, those of keys that are forgotten included. Of a key
    /// that is forgotten while calls are in flight, those are not counted; the same goes for the three below.
    pub fn success_count(&self) -> u64 {
        self.sums()[0]
    }

    /// How many have failed.
    pub fn failure_count(&self) -> u64 {
        self.sums()[1]
    }

    /// How many were neither.
    pub fn ignored_count(&self) -> u64 {
        self.sums()[2]
    }

    /// How many were refused.
    pub fn rejected_count(&self) -> u64 {
        self.sums()[3]
    }

    pub(crate) fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        self.locked_shards().for_each(|shard| totals::add(&mut sums, shard.sums()));
        sums
    }

    pub(crate) fn states(&self) -> Vec<State> {
        self.locked_shards().flat_map(|shard| shard.states()).collect()
    }

    fn hash<K: Hash + ?Sized>(&self, key: &K) -> u64 {
        self.hasher.get_or_init(RandomState::new).hash_one(key)
    }

    /// The shard is chosen by the high half of the hash, the place in it by the low one.
    fn shard(&self, hash: u64) -> MutexGuard<'_, Shard> {
        let shards = self.shards();
        let index = (hash >> 32) as usize % shards.len().max(1);
        lock(&shards[index])
    }

    fn shards(&self) -> &[Mutex<Shard>] {
        self.shards.get_or_init(|| {
            let keys = self.config().max_keys;
            let count = (keys as usize / KEYS_PER_SHARD).clamp(1, MOST_SHARDS);
            bounds(keys, count).map(|bound| Mutex::new(Shard::new(bound))).collect()
        })
    }

    fn locked_shards(&self) -> impl Iterator<Item = MutexGuard<'_, Shard>> {
        self.shards.get().into_iter().flatten().map(lock)
    }
}

/// A small one is not split, so that its bound is met exactly.
const KEYS_PER_SHARD: usize = 1024;
const MOST_SHARDS: usize = 64;

/// How many of so many keys each of the shards may hold: one at least.
fn bounds(keys: u32, shards: usize) -> impl Iterator<Item = usize> {
    let (keys, count) = (keys as usize, shards.max(1));
    (0..count).map(move |index| (keys / count + usize::from(index < keys % count)).max(1))
}

fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for KeyedCircuitBreaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedCircuitBreaker")
            .field("name", &self.name)
            .field("keys", &self.len())
            .field("config", self.config())
            .finish_non_exhaustive()
    }
}
