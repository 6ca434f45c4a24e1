use std::{
    hash::{BuildHasherDefault, Hasher},
    sync::{OnceLock, PoisonError},
};

use indexmap::IndexMap;

use crate::{
    clock::Instant,
    sync::{AtomicU32, Mutex, MutexGuard, Ordering},
};

/// How easily an entry can be spared; the greatest goes first.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) enum Standing {
    /// Somebody waits on it or holds it, or it was set by hand: it stays.
    Held,
    /// It matters, the less the more tokens are left.
    Spent(f64),
    /// A new one would be the same, and has been for a while.
    Idle,
}

/// What the table asks about its entries.
pub(super) trait Keeper {
    type Entry;

    fn fresh(&self) -> Self::Entry;
    fn standing(&self, entry: &Self::Entry, now: Instant) -> Standing;
}

/// Entries by the hash of a key, no more than a given number unless they are held.
///
/// Each new key looks at two old ones and lets
/// those go that are idle; where that is not enough, the one goes that matters least of a few.
#[derive(Debug)]
pub(super) struct Table<E> {
    parts: OnceLock<Parts<E>>,
    max: AtomicU32,
}

#[derive(Debug)]
struct Parts<E> {
    shards: Box<[Shard<E>]>,
}

#[derive(Debug)]
#[repr(align(64))]
struct Shard<E>(Mutex<Entries<E>>);

#[derive(Debug)]
struct Entries<E> {
    by_hash: IndexMap<u64, E, BuildHasherDefault<AsIs>>,
    cursor: usize,
}

const MAX_SHARDS: u32 = 16;
/// Fewer keys than this are not worth a shard of their own.
const KEYS_PER_SHARD: u32 = 64;
const SWEPT_PER_KEY: usize = 2;
const SAMPLE: usize = 8;

/// What is hashed is a hash.
#[derive(Debug, Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    #[inline]
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl<E> Table<E> {
    pub(super) const fn new(max: u32) -> Self {
        Self { parts: OnceLock::new(), max: AtomicU32::new(max) }
    }

    #[inline]
    fn parts(&self) -> &Parts<E> {
        match self.parts.get() {
            Some(parts) => parts,
            None => self.make_parts(),
        }
    }

    #[cold]
    fn make_parts(&self) -> &Parts<E> {
        self.parts.get_or_init(|| {
            let shards = (self.max.load(Ordering::Relaxed) / KEYS_PER_SHARD).clamp(1, MAX_SHARDS);
            let shards = 1 << shards.ilog2();
            let shard = || {
                let by_hash = IndexMap::default();
                Shard(Mutex::new(Entries { by_hash, cursor: 0 }))
            };
            Parts { shards: (0..shards).map(|_| shard()).collect() }
        })
    }

    /// Keeps so many entries from now on; surplus ones leave as others come.
    pub(super) fn set_max(&self, max: u32) {
        self.max.store(max, Ordering::Relaxed);
    }

    fn max_per_shard(&self) -> usize {
        (self.max.load(Ordering::Relaxed) as usize / self.parts().shards.len().max(1)).max(1)
    }

    #[inline]
    fn shard(&self, hash: u64) -> MutexGuard<'_, Entries<E>> {
        let shards = &self.parts().shards;
        // Bits that the map itself does not look at first.
        let index = (hash >> 40) as usize & (shards.len() - 1);
        lock(&shards[index])
    }

    /// Does something with the entry of `hash`, which is made if there is none.
    #[inline]
    pub(super) fn with<K: Keeper<Entry = E>, R>(
        &self,
        hash: u64,
        now: Instant,
        keeper: &K,
        f: impl FnOnce(&mut E) -> R,
    ) -> R {
        let mut shard = self.shard(hash);
        if let Some(entry) = shard.by_hash.get_mut(&hash) {
            return f(entry);
        }
        f(shard.add(hash, self.max_per_shard(), now, keeper))
    }

    /// Does something with the entry of `hash` if there is one.
    pub(super) fn peek<R>(&self, hash: u64, f: impl FnOnce(&mut E) -> R) -> Option<R> {
        self.shard(hash).by_hash.get_mut(&hash).map(f)
    }

    /// Drops the entry of `hash`, unless `stays` says otherwise.
    pub(super) fn remove(&self, hash: u64, stays: impl FnOnce(&mut E) -> bool) -> Option<E> {
        let mut shard = self.shard(hash);
        let entry = shard.by_hash.get_mut(&hash)?;
        if stays(entry) { None } else { shard.by_hash.swap_remove(&hash) }
    }

    /// Drops every entry for which `stays` does not say otherwise.
    pub(super) fn retain(&self, mut stays: impl FnMut(&mut E) -> bool) {
        for shard in self.parts.get().into_iter().flat_map(|parts| &parts.shards) {
            lock(shard).by_hash.retain(|_, entry| stays(entry));
        }
    }

    /// Takes all entries out.
    pub(super) fn drain(&self) -> Vec<(u64, E)> {
        let shards = self.parts.get().into_iter().flat_map(|parts| &parts.shards);
        shards.flat_map(|shard| std::mem::take(&mut lock(shard).by_hash)).collect()
    }

    pub(super) fn len(&self) -> usize {
        let parts = self.parts.get().into_iter();
        parts.flat_map(|parts| &parts.shards).map(|shard| lock(shard).by_hash.len()).sum()
    }
}

#[inline]
fn lock<E>(shard: &Shard<E>) -> MutexGuard<'_, Entries<E>> {
    shard.0.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<E> Entries<E> {
    /// A new entry, and the room for it.
    #[cold]
    fn add<K: Keeper<Entry = E>>(&mut self, hash: u64, max: usize, now: Instant, keeper: &K) -> &mut E {
        self.make_room(max, now, keeper);
        self.by_hash.entry(hash).or_insert_with(|| keeper.fresh())
    }

    /// Lets idle entries go as the cursor comes by, and others only where the room is needed.
    fn make_room<K: Keeper<Entry = E>>(&mut self, max: usize, now: Instant, keeper: &K) {
        for _ in 0..SWEPT_PER_KEY {
            if let Some((index, Standing::Idle)) = self.next(now, keeper) {
                self.by_hash.swap_remove_index(index);
            }
        }
        // Twice, so that a table that held entries made too large gets smaller again.
        for _ in 0..SWEPT_PER_KEY {
            if self.by_hash.len() < max {
                return;
            }
            let mut victim: Option<(usize, Standing)> = None;
            for _ in 0..SAMPLE {
                let Some((index, standing)) = self.next(now, keeper) else { break };
                if standing > victim.map_or(Standing::Held, |(_, standing)| standing) {
                    victim = Some((index, standing));
                }
                if standing == Standing::Idle {
                    break;
                }
            }
            if let Some((index, _)) = victim {
                self.by_hash.swap_remove_index(index);
            }
        }
    }

    /// The entry under the cursor, which moves on.
    fn next<K: Keeper<Entry = E>>(&mut self, now: Instant, keeper: &K) -> Option<(usize, Standing)> {
        // From the end to the start, so that the entry moved into a gap was looked at already.
        self.cursor = if self.cursor == 0 { self.by_hash.len() } else { self.cursor.min(self.by_hash.len()) };
        let index = self.cursor.checked_sub(1)?;
        self.cursor = index;
        let (_, entry) = self.by_hash.get_index(index)?;
        Some((index, keeper.standing(entry, now)))
    }
}
