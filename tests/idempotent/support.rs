use std::{
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    task::Poll,
    time::Duration,
};

use mainstay::{
    Class, Classify, Error, Kind,
    idempotent::{Claim, IdempotencyStore, MemoryStore, Reserved, Token},
    store::{BoxFuture, Store, StoreError, StoreErrorKind},
};
use mainstay_json::Json;
use mainstay_testkit::Stepper;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// An error with a class of each kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum PayError {
    Declined,
    Away,
    Policy(String),
}

impl From<Error> for PayError {
    fn from(error: Error) -> Self {
        Self::Policy(error.kind().to_string())
    }
}

impl Classify for PayError {
    fn classify(&self) -> Class {
        match self {
            Self::Declined => Class::Permanent,
            _ => Class::Transient,
        }
    }
}

pub(crate) fn refused(kind: Kind) -> Result<u32, PayError> {
    Err(PayError::Policy(kind.to_string()))
}

/// Counts how often a body has run, and holds it until it is let go.
pub(crate) struct Body {
    runs: AtomicU32,
    gate: Semaphore,
}

impl Body {
    pub(crate) const fn open() -> Self {
        Self { runs: AtomicU32::new(0), gate: Semaphore::const_new(1_000_000) }
    }

    pub(crate) const fn shut() -> Self {
        Self { runs: AtomicU32::new(0), gate: Semaphore::const_new(0) }
    }

    /// The number of this run.
    pub(crate) fn run(&self) -> u32 {
        self.runs.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(crate) async fn run_held(&self) -> u32 {
        let run = self.run();
        self.gate.acquire().await.unwrap().forget();
        run
    }

    pub(crate) fn let_go(&self) {
        self.gate.add_permits(1);
    }

    pub(crate) fn runs(&self) -> u32 {
        self.runs.load(Ordering::SeqCst)
    }
}

/// Polls a call to its end, letting time pass as it has to.
pub(crate) async fn done<F: Future>(call: &mut Stepper<F>) -> F::Output {
    loop {
        if let Poll::Ready(output) = call.poll() {
            return output;
        }
        tokio::time::sleep(ms(1)).await;
    }
}

/// A store in memory, as any store is used.
pub(crate) type Memory = Arc<MemoryStore<Json>>;

pub(crate) fn memory() -> Memory {
    Arc::new(MemoryStore::new(1000))
}

/// A store that can be away, and that tells what it was asked.
pub(crate) struct Watched {
    inner: MemoryStore<Json>,
    away: AtomicBool,
    asked: Mutex<Vec<&'static str>>,
}

impl Watched {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            inner: MemoryStore::new(1000),
            away: AtomicBool::new(false),
            asked: Mutex::new(Vec::new()),
        })
    }

    pub(crate) fn goes_away(&self) {
        self.away.store(true, Ordering::SeqCst);
    }

    pub(crate) fn comes_back(&self) {
        self.away.store(false, Ordering::SeqCst);
    }

    pub(crate) fn asked(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    pub(crate) fn times(&self, step: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| **asked == step).count()
    }

    fn ask<'a, T>(
        &'a self,
        step: &'static str,
        answer: impl Future<Output = Result<T, StoreError>> + Send + 'a,
    ) -> BoxFuture<'a, Result<T, StoreError>> {
        Box::pin(async move {
            self.asked.lock().unwrap().push(step);
            if self.away.load(Ordering::SeqCst) {
                let problem = "connection refused; is the server running?";
                return Err(StoreError::new(StoreErrorKind::Unavailable, "the test's store", step, problem));
            }
            answer.await
        })
    }
}

impl Store for Watched {
    fn describe(&self) -> String {
        "the test's store".to_owned()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.ask("ping", async { Ok(()) })
    }
}

impl IdempotencyStore for Watched {
    type Codec = Json;

    fn reserve<'a>(&'a self, claim: Claim<'a>) -> BoxFuture<'a, Result<Reserved, StoreError>> {
        self.ask("reserve", self.inner.reserve(claim))
    }

    fn renew<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.ask("renew", self.inner.renew(key, token, lease))
    }

    fn complete<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        record: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.ask("complete", self.inner.complete(key, token, record, ttl))
    }

    fn release<'a>(&'a self, key: &'a str, token: Token) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.ask("release", self.inner.release(key, token))
    }

    fn changed<'a>(&'a self, key: &'a str, seen: Token, at_most: Duration) -> BoxFuture<'a, ()> {
        self.inner.changed(key, seen, at_most)
    }
}

/// Takes the key of a call that runs as if its lease had run out, and completes it with `record`.
pub(crate) async fn take_over(store: &Watched, key: &str, lease: Duration) -> Token {
    tokio::time::advance(lease + ms(1)).await;
    let claim = Claim { key, fingerprint: None, lease: ms(60_000), ttl: ms(600_000) };
    match store.inner.reserve(claim).await.unwrap() {
        Reserved::Claimed { token, took_over: true } => token,
        other => panic!("the lease has not run out: {other:?}"),
    }
}
