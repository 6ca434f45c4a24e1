//! The records in memory: pure, the time comes in as an argument. In parts, so that keys rarely meet on one lock.

use std::{fmt, hash::BuildHasher, sync::PoisonError, task::Waker, time::Duration};

use foldhash::quality::RandomState;

use super::{
    Token,
    shard::{Gone, Shard},
};
use crate::{
    clock::Instant,
    store::Fingerprint,
    sync::{AtomicU64, Mutex, MutexGuard, Ordering},
};

/// Where a record is found again: its key's hash, and the token that only this claim has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) hash: u64,
    pub(super) token: Token,
}

/// What a claim meets.
#[derive(Debug)]
pub(super) enum Found<V> {
    Claimed {
        place: Place,
        took_over: bool,
    },
    InFlight {
        place: Place,
        lease_ends: Instant,
    },
    Completed(V),
    KeyReused,
    /// As many records as there may be are there, and none of them may go.
    Full,
}

/// What a call asks for.
pub(super) struct Wanted<'a> {
    pub(super) key: &'a str,
    pub(super) fingerprint: Option<Fingerprint>,
    /// How long the claim holds; [`Duration::MAX`] for one that ends with its owner.
    pub(super) lease: Duration,
    /// How long a claim is kept after its lease.
    pub(super) ttl: Duration,
    /// Whether, where all is full, the completed record that expires first may go.
    pub(super) may_evict: bool,
}

pub(super) struct Records<V> {
    hasher: RandomState,
    shards: Box<[Mutex<Shard<V>>]>,
    max_entries: AtomicU64,
    entries: AtomicU64,
    tokens: AtomicU64,
}

impl<V> fmt::Debug for Records<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} records", self.len())
    }
}

impl<V> Records<V> {
    pub(super) fn new(max_entries: u32) -> Self {
        Self::in_parts(max_entries, if max_entries < 1024 { 1 } else { 32 })
    }

    /// The same in so many parts, a power of two.
    pub(super) fn in_parts(max_entries: u32, parts: usize) -> Self {
        Self {
            hasher: RandomState::default(),
            shards: (0..parts).map(|_| Mutex::new(Shard::new())).collect(),
            max_entries: AtomicU64::new(max_entries.into()),
            entries: AtomicU64::new(0),
            tokens: AtomicU64::new(1),
        }
    }

    /// Another bound from now on. What is too much stays until its time is up.
    pub(super) fn set_max_entries(&self, most: u32) {
        self.max_entries.store(most.into(), Ordering::Relaxed);
    }

    fn max_entries(&self) -> u64 {
        self.max_entries.load(Ordering::Relaxed)
    }

    /// How many records there are; expired ones that nobody has swept are among them.
    pub(super) fn len(&self) -> u64 {
        self.entries.load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn hash(&self, key: &str) -> u64 {
        self.hasher.hash_one(key)
    }

    pub(super) fn place_of(&self, key: &str, token: Token) -> Place {
        Place { hash: self.hash(key), token }
    }

    /// The part in which a hash lies.
    #[inline]
    fn part(&self, hash: u64) -> usize {
        // The table within goes by the lowest and the highest bits.
        (hash >> 32) as usize & (self.shards.len() - 1)
    }

    #[inline]
    pub(super) fn shard(&self, hash: u64) -> MutexGuard<'_, Shard<V>> {
        self.shards[self.part(hash)].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something in a part, and after it what must not be done under its lock.
    fn within<R>(&self, shard: &Mutex<Shard<V>>, change: impl FnOnce(&mut Shard<V>, &mut Gone<V>) -> R) -> R {
        let mut gone = Gone::new();
        let result = change(&mut shard.lock().unwrap_or_else(PoisonError::into_inner), &mut gone);
        self.bury(gone);
        result
    }

    /// What must not be done under a lock.
    fn bury(&self, gone: Gone<V>) {
        if gone.records() > 0 {
            self.entries.fetch_sub(gone.records(), Ordering::Relaxed);
        }
        gone.bury();
    }

    fn at<R>(&self, hash: u64, change: impl FnOnce(&mut Shard<V>, &mut Gone<V>) -> R) -> R {
        self.within(&self.shards[self.part(hash)], change)
    }

    /// Claims the key, or gives what `take` makes of a completed record. It is called under a lock.
    #[inline]
    pub(super) fn claim<T>(
        &self,
        hash: u64,
        wanted: &Wanted<'_>,
        now: Instant,
        take: impl Fn(&V) -> T,
    ) -> Found<T> {
        self.claim_in(self.shard(hash), hash, wanted, now, take)
    }

    /// The same in the part that is already locked.
    pub(super) fn claim_in<T>(
        &self,
        mut shard: MutexGuard<'_, Shard<V>>,
        hash: u64,
        wanted: &Wanted<'_>,
        now: Instant,
        take: impl Fn(&V) -> T,
    ) -> Found<T> {
        match shard.meet(hash, wanted, now, &take) {
            Some(found) => found,
            None => match self.claim_new(shard, hash, wanted, now) {
                Some((place, took_over)) => Found::Claimed { place, took_over },
                None => self.claim_when_full(hash, wanted, now, &take),
            },
        }
    }

    fn claim_new(
        &self,
        mut shard: MutexGuard<'_, Shard<V>>,
        hash: u64,
        wanted: &Wanted<'_>,
        now: Instant,
    ) -> Option<(Place, bool)> {
        let mut gone = Gone::new();
        shard.sweep(now, 2, &mut gone);
        let place = Place { hash, token: Token(self.tokens.fetch_add(1, Ordering::Relaxed)) };
        let put = shard.put(place, wanted, now, &mut gone, |gone| self.take_room(gone));
        drop(shard);
        self.bury(gone);
        put.map(|took_over| (place, took_over))
    }

    /// Counts one record more, if there is room for it once those that are gone are counted out.
    fn take_room(&self, gone: &Gone<V>) -> bool {
        let before = self.entries.fetch_add(1, Ordering::Relaxed);
        let fits = before - gone.records() < self.max_entries();
        if !fits {
            self.entries.fetch_sub(1, Ordering::Relaxed);
        }
        fits
    }

    /// All parts are looked through before a claim is refused for want of room.
    #[cold]
    fn claim_when_full<T>(
        &self,
        hash: u64,
        wanted: &Wanted<'_>,
        now: Instant,
        take: &impl Fn(&V) -> T,
    ) -> Found<T> {
        for shard in &self.shards {
            self.within(shard, |shard, gone| shard.sweep(now, usize::MAX, gone));
        }
        if wanted.may_evict {
            let starting_here = self.part(hash);
            for index in 0..self.shards.len() {
                if self.len() < self.max_entries() {
                    break;
                }
                let shard = &self.shards[(starting_here + index) & (self.shards.len() - 1)];
                self.within(shard, |shard, gone| shard.evict_one(gone));
            }
        }
        let mut shard = self.shard(hash);
        match shard.meet(hash, wanted, now, take) {
            Some(found) => found,
            None => match self.claim_new(shard, hash, wanted, now) {
                Some((place, took_over)) => Found::Claimed { place, took_over },
                None => Found::Full,
            },
        }
    }

    pub(super) fn renew(&self, place: Place, lease_until: Instant) -> bool {
        self.shard(place.hash).renew(place, lease_until)
    }

    /// Whether the claim was the current one, and is now completed. Those who wait are woken.
    pub(super) fn complete(&self, place: Place, value: V, expires: Instant) -> bool {
        let refused = self.at(place.hash, |shard, gone| shard.complete(place, value, expires, gone));
        refused.is_ok()
    }

    /// Whether the claim was the current one, and is now as if it had never been. Those who wait are woken.
    pub(super) fn release(&self, place: Place) -> bool {
        self.at(place.hash, |shard, gone| shard.release(place, gone))
    }

    /// Puts the waker with the running claim; `false` if that is over.
    pub(super) fn wait(&self, place: Place, waker: &Waker) -> bool {
        self.shard(place.hash).wait(place, waker)
    }

    /// Takes the waker away again.
    pub(super) fn forget(&self, place: Place, waker: &Waker) {
        // Its task may end with it, and come back here: not under the lock.
        let forgotten = self.shard(place.hash).forget(place, waker);
        drop(forgotten);
    }

    pub(super) fn remove_completed(&self) {
        self.shards.iter().for_each(|shard| self.within(shard, |shard, gone| shard.remove_completed(gone)));
    }
}
