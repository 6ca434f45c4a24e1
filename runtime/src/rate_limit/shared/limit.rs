use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
};

use tokio::sync::Notify;

use super::{
    line::Lines,
    request::{Patience, Request},
    run::{Blocking, NonBlocking, run},
};
use crate::{
    Error, Name,
    clock::{self, Instant},
    observe::{Counts, Event, report},
    overrides::Live,
    rate_limit::{KeyedRateLimiter, RateLimitConfig, RateLimitStore, follow::Follows},
    store::{BoxFuture, StoreError, ToKey},
};

/// What this process has of a limit that is shared through a store: what `#[rate_limit(…, store = …)]` keeps under its name.
///
/// The tokens are in the store. Here are the counts of this process, those who wait here, and a limiter of the same
/// configuration that decides where the store cannot and `on_store_error` is `local`.
pub struct SharedLimit {
    pub(super) name: Name,
    pub(super) live: Live<RateLimitConfig>,
    pub(super) local: KeyedRateLimiter,
    pub(super) lines: Lines,
    counts: Counts<3>,
    failing: AtomicBool,
    /// Tells those who wait that something else is in force.
    changed: Notify,
}

/// What is counted.
const ADMITTED: usize = 0;
const REJECTED: usize = 1;
const STORE_FAILURES: usize = 2;

impl SharedLimit {
    /// A limit in a static. The configuration must have been checked.
    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: RateLimitConfig) -> Self {
        Self::with_name(Name::from_static(name), Name::from_static(name), config)
    }

    pub(super) const fn with_name(name: Name, name_of_local: Name, config: RateLimitConfig) -> Self {
        Self {
            name,
            live: Live::new(config),
            local: KeyedRateLimiter::with_name(name_of_local, config),
            lines: Lines::new(),
            counts: Counts::new(),
            failing: AtomicBool::new(false),
            changed: Notify::const_new(),
        }
    }

    /// The key under which the store counts: the limit's name, and after a `:` the text of `key`, unless that is empty. A `:`
    /// or `\` in the name is written `\:` or `\\`, so that no key of one limit is another limit's.
    pub fn store_key<K: ToKey + ?Sized>(&self, key: &K) -> String {
        let (name, key) = ((self.name.as_str(),), key.to_key());
        let mut text = name.to_key().as_str().to_owned();
        if !key.as_str().is_empty() {
            text.push(':');
            text.push_str(key.as_str());
        }
        text
    }

    /// Takes tokens as configured: waits up to the `max_wait` of the configuration, not beyond `deadline`.
    #[doc(hidden)]
    pub fn enter_async<'a>(
        &'a self,
        store: &'a dyn RateLimitStore,
        key: &'a str,
        tokens: f64,
        deadline: Option<Instant>,
    ) -> BoxFuture<'a, Result<(), Error>> {
        self.ask_async(store, key, tokens, Patience::up_to(self.live.get().patience(), deadline))
    }

    /// See [`SharedLimit::enter_async`].
    #[doc(hidden)]
    pub fn enter(
        &self,
        store: &dyn RateLimitStore,
        key: &str,
        tokens: f64,
        deadline: Option<Instant>,
    ) -> Result<(), Error> {
        self.ask(store, key, tokens, Patience::up_to(self.live.get().patience(), deadline))
    }

    // In a box, as the store's own future is: the caller's stays small.
    pub(super) fn ask_async<'a, S: RateLimitStore + ?Sized>(
        &'a self,
        store: &'a S,
        key: &'a str,
        tokens: f64,
        patience: Patience,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            match Request::new(self, key, tokens, patience) {
                Ok(request) => run(NonBlocking, store, request).await,
                Err(done) => done,
            }
        })
    }

    pub(super) fn ask<S: RateLimitStore + ?Sized>(
        &self,
        store: &S,
        key: &str,
        tokens: f64,
        patience: Patience,
    ) -> Result<(), Error> {
        match Request::new(self, key, tokens, patience) {
            // Blocks where it waits, and so is ready when it is first looked at.
            Ok(request) => clock::block_on(run(Blocking, store, request), None).unwrap_or(Ok(())),
            Err(done) => done,
        }
    }

    /// How many requests of this process were admitted.
    pub fn admitted_count(&self) -> u64 {
        self.counts.get(ADMITTED)
    }

    /// How many requests of this process were refused.
    pub fn rejected_count(&self) -> u64 {
        self.counts.get(REJECTED)
    }

    /// How many requests of this process the store could not answer.
    pub fn store_failure_count(&self) -> u64 {
        self.counts.get(STORE_FAILURES)
    }

    /// Whether the store could not answer when it was last asked.
    pub fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// How many requests of this process wait for tokens.
    pub fn waiting(&self) -> u32 {
        self.lines.waiting()
    }

    /// The configuration in force.
    pub fn config(&self) -> RateLimitConfig {
        *self.live.get()
    }

    /// Lets the limiter of this process follow what was just set. Those who wait for the store go by what they began with,
    /// and are let through where it was switched off.
    pub(super) fn follow(&self) {
        self.local.live.set(self.config(), self.live.is_on());
        self.local.follow(self.config());
        self.changed.notify_waiters();
    }

    pub(super) fn is_off(&self) -> bool {
        !self.live.is_on()
    }

    /// Ready when it is switched off.
    pub(super) async fn switched_off(&self) {
        loop {
            let changed = self.changed.notified();
            if self.is_off() {
                return;
            }
            changed.await;
        }
    }

    pub(super) fn count(&self, answer: &Result<(), Error>) {
        self.counts.increment(if answer.is_ok() { ADMITTED } else { REJECTED });
    }

    pub(super) fn answered(&self) {
        if self.failing.load(Ordering::Relaxed) && self.failing.swap(false, Ordering::Relaxed) {
            report(&Event::StoreRecovered { policy: self.name.as_str() });
        }
    }

    #[cold]
    pub(super) fn failed(&self, error: &StoreError) {
        self.counts.increment(STORE_FAILURES);
        // Once, and not for each of the calls that follow: those are counted.
        if !self.failing.swap(true, Ordering::Relaxed) {
            report(&Event::StoreFailed { policy: self.name.as_str(), error });
        }
    }
}

impl fmt::Debug for SharedLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedLimit")
            .field("name", &self.name)
            .field("config", self.live.get())
            .field("admitted", &self.admitted_count())
            .field("rejected", &self.rejected_count())
            .field("waiting", &self.waiting())
            .field("failing", &self.is_failing())
            .finish_non_exhaustive()
    }
}
