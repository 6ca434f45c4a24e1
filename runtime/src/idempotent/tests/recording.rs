//! A store in memory that writes down whose the keys are, and that can be away, slow, or lose its answers.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use super::super::{Claim, IdempotencyStore, MemoryStore, Reserved, Token};
use crate::{
    clock::{Instant, now},
    store::{BoxFuture, Codec, CodecError, Decode, Encode, Fingerprint, Store, StoreError, StoreErrorKind},
};

/// Numbers as their bytes.
#[derive(Debug)]
pub(super) struct Numbers;

impl Codec for Numbers {
    const NAME: &'static str = "numbers";
}

impl Encode<u32> for Numbers {
    fn encode(value: &u32) -> Result<Vec<u8>, CodecError> {
        Ok(value.to_le_bytes().to_vec())
    }

    fn fingerprint(value: &u32) -> Result<Fingerprint, CodecError> {
        Ok(Fingerprint([*value as u8; 32]))
    }
}

impl Decode<u32> for Numbers {
    fn decode(bytes: &[u8]) -> Result<u32, CodecError> {
        bytes.try_into().map(u32::from_le_bytes).map_err(|_| CodecError::new("no number"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Weather {
    Fine,
    /// It cannot be asked.
    Away,
    /// It does what it is asked, and nobody hears that it has.
    Deaf,
    /// It takes another step before it does what it is asked.
    SlowToAct,
    /// It takes another step before it says what it has done.
    SlowToAnswer,
}

/// Whose a key is.
#[derive(Debug)]
struct Owned {
    token: Token,
    lease_ends: Instant,
    record: Option<Vec<u8>>,
}

/// Whose the keys are, as the answers tell. Each answer must fit all those before it.
#[derive(Debug, Default)]
struct Book {
    keys: BTreeMap<String, Owned>,
    last: BTreeMap<String, Token>,
}

impl Book {
    fn reserved(&mut self, claim: &Claim<'_>, answer: &Reserved) {
        let (key, now) = (claim.key.to_owned(), now());
        let owned = self.keys.get(&key);
        match answer {
            Reserved::Claimed { token, took_over } => {
                assert_eq!(*took_over, owned.is_some());
                if let Some(owned) = owned {
                    assert!(owned.lease_ends <= now, "{key} has two owners");
                    assert_eq!(owned.record, None, "{key} runs again");
                }
                let last = self.last.insert(key.clone(), *token);
                assert!(last < Some(*token), "tokens rise");
                self.keys.insert(key, Owned { token: *token, lease_ends: now + claim.lease, record: None });
            }
            Reserved::InFlight { token, lease_left } => {
                let owned = owned.unwrap_or_else(|| panic!("{key} is nobody's"));
                assert_eq!((owned.token, &owned.record), (*token, &None));
                assert_eq!(owned.lease_ends, now + *lease_left);
            }
            Reserved::Completed { record } => {
                assert_eq!(owned.and_then(|owned| owned.record.as_ref()), Some(record));
            }
            Reserved::KeyReused => panic!("all payloads are equal"),
        }
    }

    /// The claim of that token, if it is the current one.
    fn current(&mut self, key: &str, token: Token) -> Option<&mut Owned> {
        self.keys.get_mut(key).filter(|owned| owned.token == token)
    }

    fn renewed(&mut self, key: &str, token: Token, lease: Duration, answer: bool) {
        let runs = self.current(key, token).filter(|owned| owned.record.is_none());
        assert_eq!(answer, runs.is_some(), "renewed");
        if let Some(owned) = runs {
            owned.lease_ends = now() + lease;
        }
    }

    fn completed(&mut self, key: &str, token: Token, record: &[u8], answer: bool) {
        let current = self.current(key, token);
        assert_eq!(answer, current.is_some(), "completed");
        if let Some(owned) = current {
            owned.record.get_or_insert_with(|| record.to_vec());
        }
    }

    fn released(&mut self, key: &str, token: Token, answer: bool) {
        let runs = self.current(key, token).is_some_and(|owned| owned.record.is_none());
        assert_eq!(answer, runs, "released");
        if runs {
            self.keys.remove(key);
        }
    }
}

pub(super) struct Recording {
    inner: MemoryStore<Numbers>,
    book: Mutex<Book>,
    weather: Mutex<Weather>,
}

impl Recording {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            inner: MemoryStore::new(1000),
            book: Mutex::new(Book::default()),
            weather: Mutex::new(Weather::Fine),
        })
    }

    pub(super) fn set_weather(&self, weather: Weather) {
        *self.weather.lock().unwrap() = weather;
    }

    /// What is kept under the key.
    pub(super) fn record(&self, key: &str) -> Option<Vec<u8>> {
        self.book().keys.get(key).and_then(|owned| owned.record.clone())
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    fn weather(&self) -> Weather {
        *self.weather.lock().unwrap()
    }

    /// Asks, in whatever weather it is.
    async fn ask<T>(
        &self,
        answer: impl Future<Output = Result<T, StoreError>>,
        write_down: impl FnOnce(&mut Book, &T),
    ) -> Result<T, StoreError> {
        let weather = self.weather();
        let failed = |kind| StoreError::new(kind, "the test's store", "ask", "bad weather");
        match weather {
            Weather::Away => return Err(failed(StoreErrorKind::Unavailable)),
            Weather::SlowToAct => tokio::task::yield_now().await,
            _ => {}
        }
        let answer = answer.await?;
        write_down(&mut self.book(), &answer);
        match weather {
            Weather::Deaf => return Err(failed(StoreErrorKind::TimedOut)),
            Weather::SlowToAnswer => tokio::task::yield_now().await,
            _ => {}
        }
        Ok(answer)
    }
}

impl Store for Recording {
    fn describe(&self) -> String {
        "the test's store".to_owned()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(self.ask(async { Ok(()) }, |_, ()| {}))
    }
}

impl IdempotencyStore for Recording {
    type Codec = Numbers;

    fn reserve<'a>(&'a self, claim: Claim<'a>) -> BoxFuture<'a, Result<Reserved, StoreError>> {
        Box::pin(self.ask(self.inner.reserve(claim), move |book, answer| book.reserved(&claim, answer)))
    }

    fn renew<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let renewed = move |book: &mut Book, answer: &bool| book.renewed(key, token, lease, *answer);
        Box::pin(self.ask(self.inner.renew(key, token, lease), renewed))
    }

    fn complete<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        record: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        let completed = move |book: &mut Book, answer: &bool| book.completed(key, token, record, *answer);
        Box::pin(self.ask(self.inner.complete(key, token, record, ttl), completed))
    }

    fn release<'a>(&'a self, key: &'a str, token: Token) -> BoxFuture<'a, Result<bool, StoreError>> {
        let released = move |book: &mut Book, answer: &bool| book.released(key, token, *answer);
        Box::pin(async move {
            // A call that is dropped ends on another thread where this has to wait, and that one has a clock of its own.
            if matches!(self.weather(), Weather::SlowToAct | Weather::SlowToAnswer) {
                let answer = self.inner.release(key, token).await?;
                released(&mut self.book(), &answer);
                return Ok(answer);
            }
            self.ask(self.inner.release(key, token), released).await
        })
    }

    fn changed<'a>(&'a self, key: &'a str, seen: Token, at_most: Duration) -> BoxFuture<'a, ()> {
        self.inner.changed(key, seen, at_most)
    }
}
