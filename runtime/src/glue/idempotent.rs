use std::marker::PhantomData;

use crate::{
    Error, Fallible,
    clock::Instant,
    idempotent::{
        Begun, Idempotency, IdempotencyStore, Keep, LocalClaim, LocalPrint, Payload, TransactionalStore,
        Write,
        in_store::{self, BegunIn, Renewing, StoreClaim, StoreKey, TransactionClaim},
        settle_blocking,
    },
    store::{Encode, Fingerprint, Key, StoreRef, ToKey},
};

/// How answers are kept. It is found once per function, so that what is wrong with a type is said once.
#[derive(Debug)]
pub struct Keeping<K>(PhantomData<fn() -> K>);

impl<K> Clone for Keeping<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Keeping<K> {}

/// How answers are kept in memory.
pub fn keeping<K: Keep<R>, R: Fallible>() -> Keeping<impl Keep<R>> {
    Keeping::<K>(PhantomData)
}

/// How answers are kept in the store of the call.
pub fn keeping_in<W: Write<R, S::Codec>, R: Fallible, S: ?Sized + IdempotencyStore>(
    _call: &Call<'_, S>,
) -> Keeping<impl Write<R, S::Codec> + use<W, R, S>> {
    Keeping::<W>(PhantomData)
}

/// A key in memory.
#[inline]
pub fn key<K: ToKey + ?Sized>(key: &K) -> Key<'_> {
    key.to_key()
}

/// The digest of a payload that stays in this process, before its first part.
pub fn print() -> LocalPrint {
    LocalPrint::new()
}

impl LocalPrint {
    /// The same with one more part of the payload.
    #[must_use]
    pub fn part<P: Payload + ?Sized>(self, part: &P) -> Self {
        self.and(part)
    }

    /// The digest of them all.
    pub fn whole(self) -> Option<Fingerprint> {
        Some(self.finish())
    }
}

/// Begins a sync call whose record is in memory.
#[inline]
pub fn start_local<'p, K: Keep<R>, R: Fallible>(
    _keeping: Keeping<K>,
    policy: &'p Idempotency,
    key: &str,
    fingerprint: Option<Fingerprint>,
    deadline: Option<Instant>,
) -> Begun<LocalClaim<'p>, R> {
    policy.begin_until::<K, R>(key, fingerprint, deadline)
}

/// Begins an async call whose record is in memory, if it need not wait.
#[inline]
pub fn start_local_now<'p, K: Keep<R>, R: Fallible>(
    _keeping: Keeping<K>,
    policy: &'p Idempotency,
    key: &str,
    fingerprint: Option<Fingerprint>,
) -> Option<Begun<LocalClaim<'p>, R>> {
    policy.begin_now::<K, R>(key, fingerprint)
}

/// Begins an async call whose record is in memory, waiting for the one that runs.
pub async fn start_local_async<'p, K: Keep<R>, R: Fallible>(
    _keeping: Keeping<K>,
    policy: &'p Idempotency,
    key: &str,
    fingerprint: Option<Fingerprint>,
    deadline: Option<Instant>,
) -> Begun<LocalClaim<'p>, R> {
    // In a box: a wait is rare, and would make the future of every call as large as itself.
    Box::pin(policy.begin_until_async::<K, R>(key, fingerprint, deadline)).await
}

/// What is said to a call that gave up waiting: the deadline of the request around it has passed, or no deadline hurried it
/// and there was some other reason.
#[cold]
pub fn in_flight(policy: &Idempotency) -> Error {
    policy.out_of_time("")
}

/// Ends a call whose record is in memory.
#[inline]
pub fn end_local<K: Keep<R>, R: Fallible>(
    _keeping: Keeping<K>,
    claim: Option<LocalClaim<'_>>,
    answer: &R,
    keeps: bool,
) {
    if let Some(claim) = claim {
        claim.settle::<K, R>(answer, keeps);
    }
}

/// What an annotated call with a store is about: the store, the key and the payload.
pub struct Call<'p, S: ?Sized + 'static> {
    policy: &'p Idempotency,
    store: StoreRef<S>,
    key: StoreKey,
    fingerprint: Option<Fingerprint>,
}

/// A call without a payload to compare.
pub fn in_store<'p, S: ?Sized + IdempotencyStore>(
    policy: &'p Idempotency,
    store: StoreRef<S>,
    key: &(impl ToKey + ?Sized),
) -> Call<'p, S> {
    Call { policy, store, key: policy.store_key(key.to_key().as_str()), fingerprint: None }
}

impl<'p, S: ?Sized + IdempotencyStore> Call<'p, S> {
    /// A call with a payload that a repeated one must bring again.
    pub fn fingerprint<P: ?Sized>(mut self, payload: &P) -> Result<Self, Error>
    where
        S::Codec: Encode<P>,
    {
        self.fingerprint = Some(self.policy.fingerprint_in(&self.store, payload)?);
        Ok(self)
    }

    /// Begins an async call.
    pub async fn start_async<W: Write<R, S::Codec>, R: Fallible>(
        &self,
        _keeping: Keeping<W>,
        deadline: Option<Instant>,
    ) -> Begun<StoreClaim<'p, S>, R> {
        let Self { policy, store, key, fingerprint } = self;
        self.begun::<W, R, _>(in_store::begin(policy, store, key, *fingerprint, deadline).await)
    }

    /// Begins a sync call, whose lease is renewed beside it.
    pub fn start<W: Write<R, S::Codec>, R: Fallible>(
        &self,
        _keeping: Keeping<W>,
        deadline: Option<Instant>,
    ) -> Begun<StoreClaim<'p, S>, R> {
        let Self { policy, store, key, fingerprint } = self;
        let mut begun = policy.begin_in_blocking(store, key, *fingerprint, deadline);
        if let BegunIn::Run(Some(claim)) = &mut begun {
            claim.renew_beside();
        }
        self.begun::<W, R, _>(begun)
    }

    /// Begins a call within a transaction.
    pub async fn start_within<W: Write<R, S::Codec>, R: Fallible, T: ?Sized + Send>(
        &self,
        _keeping: Keeping<W>,
        transaction: &mut T,
        deadline: Option<Instant>,
    ) -> Begun<TransactionClaim<'p>, R>
    where
        S: TransactionalStore<T>,
    {
        let Self { policy, store, key, fingerprint } = self;
        let begun = in_store::begin_within(policy, store, transaction, key, *fingerprint, deadline).await;
        self.begun::<W, R, _>(begun)
    }

    fn begun<W: Write<R, S::Codec>, R: Fallible, C>(&self, begun: BegunIn<C>) -> Begun<C, R> {
        match begun {
            BegunIn::Run(claim) => Begun::Run(claim),
            BegunIn::Completed(record) => {
                match self.policy.answer_in::<W, R, S>(&self.store, self.key.own(), &record) {
                    Ok(answer) => Begun::Answer(answer),
                    Err(error) => Begun::Refused(error),
                }
            }
            BegunIn::Refused(error) => Begun::Refused(error),
            BegunIn::Elapsed => Begun::Elapsed,
        }
    }

    /// Ends an async call.
    pub async fn end_async<W: Write<R, S::Codec>, R: Fallible>(
        &self,
        _keeping: Keeping<W>,
        claim: Option<StoreClaim<'p, S>>,
        answer: R,
        keeps: bool,
    ) -> Result<R, Error> {
        let Some(claim) = claim else { return Ok(answer) };
        let record = keeps.then(|| W::write(&answer));
        let settled = in_store::settle(claim, record, self.fingerprint).await;
        self.policy.settled::<W, R, S>(&self.store, self.key.own(), settled, answer)
    }

    /// Ends a sync call.
    pub fn end<W: Write<R, S::Codec>, R: Fallible>(
        &self,
        _keeping: Keeping<W>,
        claim: Option<StoreClaim<'p, S>>,
        answer: R,
        keeps: bool,
    ) -> Result<R, Error> {
        let Some(claim) = claim else { return Ok(answer) };
        let record = keeps.then(|| W::write(&answer));
        let settled = settle_blocking(claim, record, self.fingerprint);
        self.policy.settled::<W, R, S>(&self.store, self.key.own(), settled, answer)
    }

    /// Ends a call within a transaction.
    pub async fn end_within<W: Write<R, S::Codec>, R: Fallible, T: ?Sized + Send>(
        &self,
        _keeping: Keeping<W>,
        transaction: &mut T,
        claim: Option<TransactionClaim<'p>>,
        answer: R,
        keeps: bool,
    ) -> Result<R, Error>
    where
        S: TransactionalStore<T>,
    {
        let Some(claim) = claim else { return Ok(answer) };
        let record = keeps.then(|| W::write(&answer));
        let settled = in_store::settle_within(claim, &self.store, transaction, record).await;
        self.policy.settled::<W, R, S>(&self.store, self.key.own(), settled, answer)
    }
}

/// Awaits a call while the lease of its claim is renewed.
pub fn renewing<'c, F: Future, S: ?Sized + IdempotencyStore>(
    claim: &'c mut Option<StoreClaim<'_, S>>,
    call: F,
) -> Renewing<'c, F, S> {
    Renewing::new(claim.as_mut(), call)
}
