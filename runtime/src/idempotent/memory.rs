use std::{fmt, marker::PhantomData, time::Duration};

use super::{
    Claim, IdempotencyStore, Reserved, Token,
    records::{Found, Records, Wanted},
    waiting::Waiting,
};
use crate::{
    clock::now,
    store::{BoxFuture, Codec, Store, StoreError, StoreErrorKind},
};

/// A store in this process's memory, for tests and for services that run once: it forgets everything with the process.
///
/// It keeps the bytes that the codec `C` makes, as any other store does, and follows the policies' clock.
pub struct MemoryStore<C> {
    records: Records<Box<[u8]>>,
    max_entries: u32,
    codec: PhantomData<fn() -> C>,
}

impl<C: Codec> MemoryStore<C> {
    /// A store of at most so many records. Expired ones make room; where there are none, it refuses.
    pub fn new(max_entries: u32) -> Self {
        Self { records: Records::new(max_entries), max_entries, codec: PhantomData }
    }

    /// How many records there are; expired ones that have not made room yet are among them.
    pub fn len(&self) -> u64 {
        self.records.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn reserve_now(&self, claim: Claim<'_>) -> Result<Reserved, StoreError> {
        let Claim { key, fingerprint, lease, ttl } = claim;
        let now = now();
        let wanted = Wanted { key, fingerprint, lease, ttl, may_evict: false };
        Ok(match self.records.claim(self.records.hash(key), &wanted, now, Clone::clone) {
            Found::Claimed { place, took_over } => Reserved::Claimed { token: place.token, took_over },
            Found::InFlight { place, lease_ends } => {
                Reserved::InFlight { token: place.token, lease_left: lease_ends.saturating_since(now) }
            }
            Found::Completed(record) => Reserved::Completed { record: record.into() },
            Found::KeyReused => Reserved::KeyReused,
            Found::Full => return Err(full(self.describe(), self.max_entries)),
        })
    }
}

/// What is said where memory is full.
#[cold]
pub(super) fn full(store: String, max_entries: u32) -> StoreError {
    let problem = format!(
        "all {max_entries} records are in use and none has expired; raise `max_entries`, shorten `ttl`, or keep them in a \
         store outside this process"
    );
    StoreError::new(StoreErrorKind::Full, store, "reserve", problem)
}

impl<C: Codec> Store for MemoryStore<C> {
    fn describe(&self) -> String {
        "memory".to_owned()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

impl<C: Codec> IdempotencyStore for MemoryStore<C> {
    type Codec = C;

    fn reserve<'a>(&'a self, claim: Claim<'a>) -> BoxFuture<'a, Result<Reserved, StoreError>> {
        Box::pin(async move { self.reserve_now(claim) })
    }

    fn renew<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.records.renew(self.records.place_of(key, token), now() + lease)) })
    }

    fn complete<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        record: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let place = self.records.place_of(key, token);
            Ok(self.records.complete(place, record.into(), now() + ttl))
        })
    }

    fn release<'a>(&'a self, key: &'a str, token: Token) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(self.records.release(self.records.place_of(key, token))) })
    }

    fn changed<'a>(&'a self, key: &'a str, seen: Token, at_most: Duration) -> BoxFuture<'a, ()> {
        let place = self.records.place_of(key, seen);
        Box::pin(Waiting::new(&self.records, place, now() + at_most))
    }
}

impl<C> fmt::Debug for MemoryStore<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("records", &self.records.len()).finish_non_exhaustive()
    }
}
