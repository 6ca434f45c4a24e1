//! What expanded `#[cached]` and `#[cache_evict]` call.

use std::{borrow::Borrow, future::Future, marker::PhantomData, time::Duration};

use tokio::runtime::Handle;

use super::Flow;
use crate::{
    Error, Fallible,
    cached::{Absent, CacheError, CacheKey, CacheStore, CacheValue, Note},
    clock::ManualClock,
    context::{Carried, InContextExt},
    deadline,
    store::{Decode, Encode, ToKey, io},
};
pub use crate::{
    cached::{Begun, Cache, CacheConfig, EvictSite, Eviction, Lead, Sharing, Tier, Turn, refusing_by},
    store::OnStoreError,
};

/// Tells which values stand for none.
pub type Absence<V> = Option<fn(&V) -> bool>;

/// Values that are no `Option`, or that are kept alike.
#[inline]
pub fn never_absent<R: Fallible>() -> Absence<R::Ok> {
    None
}

/// Values that are an `Option`.
#[inline]
pub fn absent<R: Fallible>() -> Absence<R::Ok>
where
    R::Ok: Absent,
{
    Some(Absent::is_absent)
}

/// Asks whether the answer's value can be kept.
#[inline]
pub fn check_value<R: Fallible>()
where
    R::Ok: CacheValue,
{
}

/// Asks whether the answer's error can be kept.
#[inline]
pub fn check_error<R: Fallible>()
where
    R::Err: CacheError,
{
}

/// A fresh value. Kept errors are left to [`begin`]: the value alone fits into registers, where a whole answer would go
/// through memory in parts and back as one, for which the processor waits.
#[inline]
pub fn value<R, Q>(cache: &Cache, key: &Q) -> Option<R::Ok>
where
    R: Fallible,
    R::Ok: CacheValue,
    Q: CacheKey + ?Sized,
{
    cache.fresh_value(key)
}

/// How a call goes on that found nothing fresh, or what it has to wait for. Apart, so that a hit is a short function.
#[cold]
#[inline(never)]
pub fn begin<R, Q>(cache: &Cache, key: &Q, sharing: Option<Sharing<R::Err>>) -> Begun<Q::Owned, R::Ok, R::Err>
where
    R: Fallible,
    R::Ok: CacheValue,
    Q: CacheKey + ?Sized,
{
    cache.begin(key, sharing)
}

/// Keeps what the load gave, and gives it to all who wait.
#[inline(never)]
pub fn settle<R, K>(
    lead: Lead<K, R::Ok>,
    answer: R,
    flow: Flow,
    sharing: Option<Sharing<R::Err>>,
    absent: Absence<R::Ok>,
) -> R
where
    R: Fallible,
    R::Ok: CacheValue,
    K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
{
    R::from_outcome(lead.settle(answer.into_outcome(), flow, sharing, absent))
}

/// What the second tier has.
pub async fn get<R, K, S>(
    tier: &Tier<S>,
    lead: &mut Lead<K, R::Ok>,
) -> Result<Option<(R::Ok, Duration)>, Error>
where
    R: Fallible,
    R::Ok: CacheValue,
    K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
    S: CacheStore + ?Sized,
    S::Codec: Decode<R::Ok>,
{
    tier.get(lead, None).await
}

/// The same for a sync function.
pub fn get_blocking<R, K, S>(
    tier: &Tier<S>,
    lead: &mut Lead<K, R::Ok>,
) -> Result<Option<(R::Ok, Duration)>, Error>
where
    R: Fallible,
    R::Ok: CacheValue,
    K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
    S: CacheStore + ?Sized,
    S::Codec: Decode<R::Ok>,
{
    let end = deadline::end_of_blocked(None);
    crate::store::block_on(tier.get(lead, end)).unwrap_or_else(|error| {
        tracing::warn!(target: "mainstay", "second tier of a cache: no thread to wait on: {error}");
        Ok(None)
    })
}

/// What is to be put into the second tier.
pub fn note<R, K, S>(
    tier: &Tier<S>,
    lead: &Lead<K, R::Ok>,
    answer: &R,
    absent: Absence<R::Ok>,
) -> Option<Note>
where
    R: Fallible,
    R::Ok: CacheValue,
    K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
    S: CacheStore + ?Sized,
    S::Codec: Encode<R::Ok>,
{
    tier.note(lead, answer.as_outcome().ok()?, absent)
}

/// Puts it there, for a sync function.
pub fn put_blocking<S: CacheStore + ?Sized>(tier: &Tier<S>, note: Option<Note>) {
    if note.is_some()
        && let Err(error) = crate::store::block_on(tier.put(note))
    {
        tracing::warn!(target: "mainstay", "second tier of a cache: no thread to wait on: {error}");
    }
}

/// Removes from the second tier, for a sync function.
pub fn remove_blocking<S: CacheStore + ?Sized>(tier: Tier<S>, cache: &Cache, all: bool) {
    if let Err(error) = crate::store::block_on(tier.remove(cache, all)) {
        tracing::error!(target: "mainstay", policy = cache.name(), "second tier of a cache: no thread to wait on: {error}");
    }
}

/// The text of a key, owned.
pub fn key_text<K: ToKey + ?Sized>(key: &K) -> String {
    key.to_key().as_str().to_owned()
}

/// What a load can have a copy of that goes on without the call.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be copied for a load in the background",
    label = "`stale_for` loads anew when the call is over, and needs a copy of this",
    note = "derive `Clone` for `{Self}`, pass what the load needs by itself, or leave out `stale_for`"
)]
pub trait Ownable {
    /// The copy.
    type Copy;
    /// Makes one.
    fn copy(&self) -> Self::Copy;
    /// What it is a copy of.
    fn lend(copy: &Self::Copy) -> &Self;
}

impl<T: ToOwned + ?Sized> Ownable for T {
    type Copy = T::Owned;

    #[inline]
    fn copy(&self) -> T::Owned {
        self.to_owned()
    }

    #[inline]
    fn lend(copy: &T::Owned) -> &T {
        copy.borrow()
    }
}

/// A copy of what an argument refers to.
pub struct Owned<T: ?Sized, C>(C, PhantomData<fn(&T)>);

/// Copies what an argument refers to, for a load that goes on without the call.
#[inline]
pub fn own<T: Ownable + ?Sized>(borrowed: &T) -> Owned<T, T::Copy> {
    Owned(borrowed.copy(), PhantomData)
}

impl<T: Ownable<Copy = C> + ?Sized, C> Owned<T, C> {
    /// The argument again.
    #[inline]
    pub fn lend(&self) -> &T {
        T::lend(&self.0)
    }
}

/// Loads anew in the background: as a task of this runtime, or of ours where there is none.
pub fn refresh<F>(load: F)
where
    F: Future + Send + 'static,
{
    let task = async move { drop(load.await) }.in_current_context();
    match Handle::try_current().or_else(|_| io().cloned()) {
        Ok(handle) => drop(handle.spawn(task)),
        Err(error) => {
            tracing::warn!(target: "mainstay", "no thread to refresh a cached value on, the old one stays: {error}");
        }
    }
}

/// The same for a sync function: on a thread of its own, with the clock, the runtime and the context of this one.
pub fn refresh_on_thread<T>(load: impl FnOnce() -> T + Send + 'static) {
    let (clock, runtime, carried) = (ManualClock::current(), Handle::try_current().ok(), Carried::here());
    let run = move || {
        let _clock = clock.as_ref().map(ManualClock::install);
        let _runtime = runtime.as_ref().map(Handle::enter);
        drop(carried.scope(load));
    };
    if let Err(error) = std::thread::Builder::new().name("mainstay-refresh".into()).spawn(run) {
        tracing::warn!(target: "mainstay", "no thread to refresh a cached value on, the old one stays: {error}");
    }
}
