//! A store in this process for the tests of `store`: what a server does, on the clock of whoever asks.

use std::{
    collections::HashMap,
    future::{pending, ready},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use mainstay::{
    Error,
    rate_limit::{RateLimitStore, RateLimiter, Take, Taken},
    store::{BoxFuture, Store, StoreError, StoreErrorKind},
};

#[derive(Default)]
pub(crate) struct InProcess {
    limits: Mutex<HashMap<String, RateLimiter>>,
    asked: Mutex<Vec<String>>,
    pub(crate) fails: AtomicBool,
    pub(crate) hangs: AtomicBool,
}

impl InProcess {
    /// The keys it was asked for since the last time.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    pub(crate) fn fail(&self, fails: bool) {
        self.fails.store(fails, SeqCst);
    }

    fn answer(&self, take: Take<'_>) -> Taken {
        let mut limits = self.limits.lock().unwrap();
        let limit = limits
            .entry(format!("{} {}", take.key, take.config))
            .or_insert_with(|| take.config.max_wait(Duration::ZERO).build("the store of the tests").unwrap());
        let taken = limit.try_acquire(take.tokens);
        Taken {
            allowed: taken.is_ok(),
            remaining: limit.available_tokens(),
            retry_after: match taken {
                Ok(()) => Some(Duration::ZERO),
                Err(Error::RateLimited { retry_after, .. }) => Some(retry_after),
                Err(_) => None,
            },
            reset_after: Duration::ZERO,
        }
    }
}

impl Store for InProcess {
    fn describe(&self) -> String {
        "the store of the tests".to_owned()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(ready(Ok(())))
    }
}

impl RateLimitStore for InProcess {
    fn take<'a>(&'a self, take: Take<'a>) -> BoxFuture<'a, Result<Taken, StoreError>> {
        self.asked.lock().unwrap().push(take.key.to_owned());
        if self.hangs.load(SeqCst) {
            return Box::pin(pending());
        }
        if self.fails.load(SeqCst) {
            let problem = "it is switched off; switch it on";
            return Box::pin(ready(Err(StoreError::new(
                StoreErrorKind::Unavailable,
                self.describe(),
                "take",
                problem,
            ))));
        }
        // Now, on this thread and its clock, and not where the future is polled.
        Box::pin(ready(Ok(self.answer(take))))
    }
}

/// A `&'static` store of this place's own.
macro_rules! store {
    () => {{
        static STORE: std::sync::LazyLock<$crate::stores::InProcess> =
            std::sync::LazyLock::new(Default::default);
        let store: &'static $crate::stores::InProcess = &STORE;
        store
    }};
}
pub(crate) use store;
