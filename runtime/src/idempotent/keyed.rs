use std::{
    fmt::Write as _,
    future::Future,
    hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState},
    marker::PhantomData,
    sync::{Arc, OnceLock},
};

use super::{Begun, Idempotency, IdempotencyStore, KeyedIn, LocalClaim, Values, keep::Kept};
use crate::{
    Error, FromRefusal,
    store::{Fingerprint, StoreRef, Text, ToKey, ToStore},
};

/// A call under a key, about to be made. From [`Idempotency::key`].
#[derive(Debug)]
#[must_use = "nothing runs before it is called or begun"]
pub struct Keyed<'p> {
    policy: &'p Idempotency,
    key: Text,
    fingerprint: Option<Fingerprint>,
}

/// How a call under a key begins: it runs, or an earlier one's value is there.
#[derive(Debug)]
pub enum Begin<G, T> {
    /// This call is the first. Do the work, and [complete](Guard::complete) the guard.
    Run(G),
    /// What an earlier call gave.
    Replay(T),
}

/// A key in memory that this call owns. Dropped without an end, the key is given back, or kept as `on_cancel` has it.
#[derive(Debug)]
#[must_use = "dropped, the key is given back"]
pub struct Guard<'p, T> {
    // None where memory is full and calls run then.
    claim: Option<LocalClaim<'p>>,
    value: PhantomData<fn(T)>,
}

type Answer<T> = Result<T, Error>;

impl Idempotency {
    /// A call under `key`.
    pub fn key(&self, key: impl ToKey) -> Keyed<'_> {
        let mut text = Text::new();
        // Writing to our own text never fails.
        let _ = text.write_str(key.to_key().as_str());
        Keyed { policy: self, key: text, fingerprint: None }
    }

    /// Runs `f` if `key` is new and gives what it gave if it is not. Errors are not kept: the next call runs again.
    ///
    /// # Errors
    /// Those of `f`, and the refusals of [`Keyed::begin`] in the form of `E`.
    pub fn call<T, E>(&self, key: impl ToKey, f: impl FnOnce() -> Result<T, E>) -> Result<T, E>
    where
        T: Clone + Send + Sync + 'static,
        E: FromRefusal,
    {
        self.key(key).call(f)
    }

    /// The same for what `f` returns a future of. A call that is dropped gives its key back, or keeps it as `on_cancel` has
    /// it.
    ///
    /// # Errors
    /// Those of the future, and the refusals of [`Keyed::begin`] in the form of `E`.
    pub async fn call_async<T, E, F, Fut>(&self, key: impl ToKey, f: F) -> Result<T, E>
    where
        T: Clone + Send + Sync + 'static,
        E: FromRefusal,
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        self.key(key).call_async(f).await
    }
}

impl<'p> Keyed<'p> {
    /// What a repeated call must bring again: the same key with another payload is [`Error::KeyReused`].
    pub fn fingerprint(mut self, payload: &(impl Hash + ?Sized)) -> Self {
        self.fingerprint = Some(local_fingerprint(payload));
        self
    }

    /// The same call with its record in a store outside this process.
    pub fn in_store<H: ToStore>(self, store: &H) -> KeyedIn<'p, H::Store>
    where
        H::Store: IdempotencyStore,
    {
        let store: StoreRef<H::Store> = store.to_store();
        KeyedIn::new(self.policy, store, self.policy.store_key(self.key.as_str()))
    }

    /// Claims the key, or gives what an earlier call gave. For work that is no single closure; parks this thread while
    /// another call runs under the key.
    ///
    /// ```
    /// use mainstay_runtime::{Error, idempotent::{Begin, Idempotency}};
    ///
    /// let orders = Idempotency::builder().build("orders")?;
    /// let place = || match orders.key("order-7").begin::<u64>()? {
    ///     Begin::Run(guard) => {
    ///         let number = 42; // the work
    ///         guard.complete(number);
    ///         Ok::<_, Error>(number)
    ///     }
    ///     Begin::Replay(number) => Ok(number),
    /// };
    /// assert_eq!((place(), place()), (Ok(42), Ok(42)));
    /// assert_eq!(orders.run_count(), 1);
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InFlight`], [`Error::Duplicate`], [`Error::KeyReused`], [`Error::Store`] where memory is full,
    /// [`Error::DeadlineExceeded`] where the [deadline](crate::deadline) around comes while it waits.
    pub fn begin<T: Clone + Send + Sync + 'static>(self) -> Result<Begin<Guard<'p, T>, T>, Error> {
        let begun = self.policy.begin_until::<Values, Answer<T>>(self.key.as_str(), self.fingerprint, None);
        begin_of(self.policy, &self.key, begun)
    }

    /// The same without parking the thread. Cancel-safe.
    ///
    /// # Errors
    /// Those of [`begin`](Self::begin).
    pub async fn begin_async<T: Clone + Send + Sync + 'static>(
        self,
    ) -> Result<Begin<Guard<'p, T>, T>, Error> {
        let key = self.key.as_str();
        let begun = self.policy.begin_until_async::<Values, Answer<T>>(key, self.fingerprint, None).await;
        begin_of(self.policy, &self.key, begun)
    }

    /// Runs `f` if the key is new and gives what it gave if it is not. Errors are not kept.
    ///
    /// # Errors
    /// Those of `f`, and those of [`begin`](Self::begin) in the form of `E`.
    pub fn call<T, E>(self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E>
    where
        T: Clone + Send + Sync + 'static,
        E: FromRefusal,
    {
        match self.begin().map_err(E::from_refusal)? {
            Begin::Replay(value) => Ok(value),
            Begin::Run(guard) => guard.settle(f()),
        }
    }

    /// The same for what `f` returns a future of.
    ///
    /// # Errors
    /// Those of the future, and those of [`begin`](Self::begin) in the form of `E`.
    pub async fn call_async<T, E, F, Fut>(self, f: F) -> Result<T, E>
    where
        T: Clone + Send + Sync + 'static,
        E: FromRefusal,
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        match self.begin_async().await.map_err(E::from_refusal)? {
            Begin::Replay(value) => Ok(value),
            Begin::Run(guard) => guard.settle(f().await),
        }
    }
}

fn begin_of<'p, T>(
    policy: &Idempotency,
    key: &Text,
    begun: Begun<LocalClaim<'p>, Answer<T>>,
) -> Result<Begin<Guard<'p, T>, T>, Error> {
    match begun {
        Begun::Run(claim) => Ok(Begin::Run(Guard { claim, value: PhantomData })),
        Begun::Answer(answer) => answer.map(Begin::Replay),
        Begun::Refused(error) => Err(error),
        Begun::Elapsed => Err(policy.out_of_time(key.as_str())),
    }
}

impl<T: Clone + Send + Sync + 'static> Guard<'_, T> {
    /// Keeps `value` for the calls that follow.
    pub fn complete(self, value: T) {
        if let Some(claim) = self.claim {
            claim.complete(Arc::new(value) as Kept);
        }
    }

    /// Gives the key back: the next call runs.
    pub fn release(self) {
        if let Some(claim) = self.claim {
            claim.release();
        }
    }

    fn settle<E>(self, answer: Result<T, E>) -> Result<T, E> {
        if let Some(claim) = self.claim {
            claim.settle::<Values, _>(&answer, answer.is_ok());
        }
        answer
    }
}

/// A digest that means something within this process only.
pub(crate) fn local_fingerprint(payload: &(impl Hash + ?Sized)) -> Fingerprint {
    LocalPrint::new().and(payload).finish()
}

/// A digest that means something within this process only, of parts that come one by one.
#[derive(Debug)]
pub struct LocalPrint([DefaultHasher; 2]);

impl LocalPrint {
    pub(crate) fn new() -> Self {
        static KEYS: OnceLock<[RandomState; 2]> = OnceLock::new();
        let keys = KEYS.get_or_init(|| [RandomState::new(), RandomState::new()]);
        Self([keys[0].build_hasher(), keys[1].build_hasher()])
    }

    /// The same with one more part. A tuple is as its parts, one after the other.
    #[must_use]
    pub(crate) fn and(mut self, part: &(impl Hash + ?Sized)) -> Self {
        self.0.iter_mut().for_each(|half| part.hash(half));
        self
    }

    pub(crate) fn finish(self) -> Fingerprint {
        let mut bytes = [0; 32];
        for (half, hasher) in bytes.chunks_mut(8).zip(self.0) {
            half.copy_from_slice(&hasher.finish().to_le_bytes());
        }
        Fingerprint(bytes)
    }
}
