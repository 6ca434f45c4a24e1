use std::{future::Future, marker::PhantomData};

use super::{
    Begin, Idempotency, IdempotencyStore, Token, Values, Write,
    in_store::{self, BegunIn, Renewing, Settled, StoreClaim, StoreKey},
};
use crate::{
    Error, FromRefusal, deadline,
    store::{self, Decode, Encode, Fingerprint, StoreError, StoreErrorKind, StoreRef},
};

/// A call under a key in a store, about to be made. From [`Keyed::in_store`](super::Keyed::in_store).
#[must_use = "nothing runs before it is called or begun"]
pub struct KeyedIn<'p, S: ?Sized + IdempotencyStore> {
    policy: &'p Idempotency,
    store: StoreRef<S>,
    key: StoreKey,
    fingerprint: Option<Fingerprint>,
}

/// A key in a store that this call owns. Its lease is renewed as long as this lives, on a thread of its own. Dropped without
/// an end, the key is given back, or kept as `on_cancel` has it.
#[must_use = "dropped, the key is given back"]
pub struct GuardIn<'p, S: ?Sized + IdempotencyStore, T> {
    // None where the store could not be asked and calls run then.
    claim: Option<StoreClaim<'p, S>>,
    fingerprint: Option<Fingerprint>,
    value: PhantomData<fn(T)>,
}

type Answer<T> = Result<T, Error>;

impl<'p, S: ?Sized + IdempotencyStore> KeyedIn<'p, S> {
    pub(super) fn new(policy: &'p Idempotency, store: StoreRef<S>, key: StoreKey) -> Self {
        Self { policy, store, key, fingerprint: None }
    }

    /// What a repeated call must bring again: the same key with another payload is [`Error::KeyReused`].
    ///
    /// # Errors
    /// [`Error::Store`]: the store's codec cannot write the payload.
    pub fn fingerprint<P: ?Sized>(mut self, payload: &P) -> Result<Self, Error>
    where
        S::Codec: Encode<P>,
    {
        self.fingerprint = Some(self.policy.fingerprint_in(&self.store, payload)?);
        Ok(self)
    }

    /// Claims the key, or gives what an earlier call gave. For work that is no single closure. Cancel-safe.
    ///
    /// # Errors
    /// [`Error::InFlight`], [`Error::Duplicate`], [`Error::KeyReused`], [`Error::Store`], and [`Error::DeadlineExceeded`]
    /// where the [deadline](crate::deadline) around comes before the store's answer or the key.
    pub async fn begin_async<T>(self) -> Result<Begin<GuardIn<'p, S, T>, T>, Error>
    where
        T: Send + Sync + 'static,
        S::Codec: Encode<T> + Decode<T>,
    {
        let begun = in_store::begin(self.policy, &self.store, &self.key, self.fingerprint, None).await;
        self.guard(begun)
    }

    /// The same, parking this thread.
    ///
    /// # Errors
    /// Those of [`begin_async`](Self::begin_async).
    pub fn begin<T>(self) -> Result<Begin<GuardIn<'p, S, T>, T>, Error>
    where
        T: Send + Sync + 'static,
        S::Codec: Encode<T> + Decode<T>,
    {
        let begun = self.policy.begin_in_blocking(&self.store, &self.key, self.fingerprint, None);
        self.guard(begun)
    }

    fn guard<T>(self, begun: BegunIn<StoreClaim<'p, S>>) -> Result<Begin<GuardIn<'p, S, T>, T>, Error>
    where
        T: Send + Sync + 'static,
        S::Codec: Encode<T> + Decode<T>,
    {
        match begun {
            BegunIn::Run(mut claim) => {
                if let Some(claim) = &mut claim {
                    claim.renew_beside();
                }
                Ok(Begin::Run(GuardIn { claim, fingerprint: self.fingerprint, value: PhantomData }))
            }
            BegunIn::Completed(record) => self
                .policy
                .answer_in::<Values, Answer<T>, S>(&self.store, self.key.own(), &record)?
                .map(Begin::Replay),
            BegunIn::Refused(error) => Err(error),
            BegunIn::Elapsed => Err(self.policy.out_of_time(self.key.own())),
        }
    }

    /// Runs the future that `f` gives if the key is new, its lease renewed meanwhile, and gives what it gave if it is not.
    /// Errors are not kept.
    ///
    /// # Errors
    /// Those of the future, those of [`begin_async`](Self::begin_async), and [`Error::Unrecorded`], in the form of `E`.
    pub async fn call_async<T, E, F, Fut>(self, f: F) -> Result<T, E>
    where
        T: Send + Sync + 'static,
        E: FromRefusal,
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
        S::Codec: Encode<T> + Decode<T>,
    {
        let Self { policy, store, key, fingerprint } = self;
        let mut claim = match in_store::begin(policy, &store, &key, fingerprint, None).await {
            BegunIn::Run(claim) => claim,
            BegunIn::Completed(record) => {
                let answer = policy.answer_in::<Values, Result<T, E>, S>(&store, key.own(), &record);
                return answer.unwrap_or_else(|error| Err(E::from_refusal(error)));
            }
            BegunIn::Refused(error) => return Err(E::from_refusal(error)),
            BegunIn::Elapsed => return Err(E::from_refusal(policy.out_of_time(key.own()))),
        };
        let answer = Renewing::new(claim.as_mut(), f()).await;
        let record = answer.is_ok().then(|| <Values as Write<Result<T, E>, S::Codec>>::write(&answer));
        let Some(claim) = claim else { return answer };
        let settled = in_store::settle(claim, record, fingerprint).await;
        let answer = policy.settled::<Values, _, S>(&store, key.own(), settled, answer);
        answer.unwrap_or_else(|error| Err(E::from_refusal(error)))
    }

    /// Runs `f` if the key is new, parking this thread for the store, and gives what it gave if it is not. Errors are not
    /// kept.
    ///
    /// # Errors
    /// Those of `f`, those of [`begin`](Self::begin), and [`Error::Unrecorded`], in the form of `E`.
    pub fn call<T, E>(self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E>
    where
        T: Send + Sync + 'static,
        E: FromRefusal,
        S::Codec: Encode<T> + Decode<T>,
    {
        match self.begin().map_err(E::from_refusal)? {
            Begin::Replay(value) => Ok(value),
            Begin::Run(guard) => match f() {
                Ok(value) => guard.complete(value).map_err(E::from_refusal),
                Err(error) => {
                    guard.release();
                    Err(error)
                }
            },
        }
    }
}

impl<S: ?Sized + IdempotencyStore, T> GuardIn<'_, S, T>
where
    T: Send + Sync + 'static,
    S::Codec: Encode<T> + Decode<T>,
{
    /// The fencing token, to be handed to systems downstream that can refuse a smaller one. `None` where the store could not
    /// be asked.
    pub fn token(&self) -> Option<Token> {
        self.claim.as_ref().map(StoreClaim::token)
    }

    /// Keeps `value` for the calls that follow, and gives what all of them get: `value`, or what a call gave that took over
    /// because this one's lease had run out.
    ///
    /// # Errors
    /// [`Error::Unrecorded`].
    pub async fn complete_async(self, value: T) -> Result<T, Error> {
        let Some(claim) = self.claim else { return Ok(value) };
        let (policy, store, key) = (claim.policy, claim.store.clone(), claim.key.clone());
        let answer: Answer<T> = Ok(value);
        let record = <Values as Write<Answer<T>, S::Codec>>::write(&answer);
        let settled = in_store::settle(claim, Some(record), self.fingerprint).await;
        policy.settled::<Values, Answer<T>, S>(&store, key.own(), settled, answer)?
    }

    /// The same, parking this thread.
    ///
    /// # Errors
    /// [`Error::Unrecorded`].
    pub fn complete(self, value: T) -> Result<T, Error> {
        let Some(claim) = self.claim else { return Ok(value) };
        let (policy, store, key) = (claim.policy, claim.store.clone(), claim.key.clone());
        let answer: Answer<T> = Ok(value);
        let record = <Values as Write<Answer<T>, S::Codec>>::write(&answer);
        let settled = settle_blocking(claim, Some(record), self.fingerprint);
        policy.settled::<Values, Answer<T>, S>(&store, key.own(), settled, answer)?
    }

    /// Gives the key back: the next call runs. The store is told beside this call.
    pub fn release(self) {
        if let Some(claim) = self.claim {
            claim.release_beside();
        }
    }
}

/// [`in_store::settle`], parking this thread.
pub(crate) fn settle_blocking<S: ?Sized + IdempotencyStore>(
    claim: StoreClaim<'_, S>,
    record: Option<Result<Vec<u8>, store::CodecError>>,
    fingerprint: Option<Fingerprint>,
) -> Settled {
    let (policy, key, describe) = (claim.policy, claim.key.clone(), claim.store.describe());
    store::block_on(in_store::settle(claim, record, fingerprint)).unwrap_or_else(|error| {
        let error = no_thread(describe, "complete", error);
        Settled::Refused(Error::unrecorded(policy.shared_name().clone(), key.own(), error))
    })
}

fn no_thread(store: String, operation: &'static str, error: std::io::Error) -> StoreError {
    let problem = format!("this process cannot start the thread that waits for stores: {error}");
    StoreError::because(StoreErrorKind::Unavailable, store, operation, problem, error)
}

impl Idempotency {
    pub(crate) fn store_key(&self, key: &str) -> StoreKey {
        StoreKey::new(self.shared_name(), key)
    }

    /// [`in_store::begin`], parking this thread.
    pub(crate) fn begin_in_blocking<'p, S: ?Sized + IdempotencyStore>(
        &'p self,
        store: &StoreRef<S>,
        key: &StoreKey,
        fingerprint: Option<Fingerprint>,
        deadline: Option<crate::clock::Instant>,
    ) -> BegunIn<StoreClaim<'p, S>> {
        let deadline = deadline::end_of_blocked(deadline);
        store::block_on(in_store::begin(self, store, key, fingerprint, deadline)).unwrap_or_else(|error| {
            let error = no_thread(store.describe(), "reserve", error);
            self.store_failed(error).map_or(BegunIn::Run(None), BegunIn::Refused)
        })
    }

    pub(crate) fn fingerprint_in<S: ?Sized + IdempotencyStore, P: ?Sized>(
        &self,
        store: &StoreRef<S>,
        payload: &P,
    ) -> Result<Fingerprint, Error>
    where
        S::Codec: Encode<P>,
    {
        <S::Codec as Encode<P>>::fingerprint(payload).map_err(|error| {
            let error = StoreError::codec(store.describe(), "reserve", error);
            self.refuse(Error::store(self.shared_name().clone(), error))
        })
    }

    /// What a call gets whose key has completed.
    pub(crate) fn answer_in<W, R, S>(&self, store: &StoreRef<S>, key: &str, record: &[u8]) -> Result<R, Error>
    where
        R: crate::Fallible,
        S: ?Sized + IdempotencyStore,
        W: Write<R, S::Codec>,
    {
        let answer = self.read::<W, R, S>(store, key, record)?;
        match self.config().on_duplicate {
            super::OnDuplicate::Error => Err(self.duplicate(key, W::stored(answer))),
            super::OnDuplicate::Replay => {
                self.count_replay(key);
                Ok(answer)
            }
        }
    }

    fn read<W, R, S>(&self, store: &StoreRef<S>, key: &str, record: &[u8]) -> Result<R, Error>
    where
        R: crate::Fallible,
        S: ?Sized + IdempotencyStore,
        W: Write<R, S::Codec>,
    {
        W::read(record).map_err(|error| {
            let error = StoreError::codec(store.describe(), "replay", error);
            self.refuse(Error::unrecorded(self.shared_name().clone(), key, error))
        })
    }

    /// What a call gets that has run.
    pub(crate) fn settled<W, R, S>(
        &self,
        store: &StoreRef<S>,
        key: &str,
        settled: Settled,
        own: R,
    ) -> Result<R, Error>
    where
        R: crate::Fallible,
        S: ?Sized + IdempotencyStore,
        W: Write<R, S::Codec>,
    {
        match settled {
            Settled::Own => Ok(own),
            Settled::Theirs(record) => {
                self.count_replay(key);
                self.read::<W, R, S>(store, key, &record)
            }
            Settled::Refused(error) => Err(error),
        }
    }
}
