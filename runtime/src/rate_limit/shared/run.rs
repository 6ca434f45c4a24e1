//! Asks the store, and waits: the same way for async callers and for those who block.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    SharedLimit,
    line::Place,
    request::{Request, Step},
};
use crate::{
    Error,
    clock::{self, Instant},
    rate_limit::{
        KeyedRateLimiter, RateLimitStore, Take, Taken,
        queue::{SLICE, first_of},
    },
    store::{self, StoreError, StoreErrorKind},
};

/// How a caller waits.
pub(super) trait Waits: Copy + Send {
    fn ask<'a, S: RateLimitStore + ?Sized>(
        self,
        store: &'a S,
        take: Take<'a>,
    ) -> impl Future<Output = Result<Taken, StoreError>> + Send + use<'a, S, Self>;
    /// `None` where `until` comes first, or the limit is switched off.
    fn pass<'a>(
        self,
        limit: &'a SharedLimit,
        turnstile: Arc<Semaphore>,
        until: Instant,
    ) -> impl Future<Output = Option<OwnedSemaphorePermit>> + Send + use<'a, Self>;
    /// Ends when the limit is switched off.
    fn sleep<'a>(
        self,
        limit: &'a SharedLimit,
        now: Instant,
        until: Instant,
    ) -> impl Future<Output = ()> + Send + use<'a, Self>;
    fn local<'a>(
        self,
        limiter: &'a KeyedRateLimiter,
        key: &'a str,
        tokens: f64,
        until: Option<Instant>,
    ) -> impl Future<Output = Result<(), Error>> + Send + use<'a, Self>;
}

/// Gets the tokens, or the refusal. What waits has a place in a line until it is done or dropped, and is let through where
/// the limit is switched off meanwhile.
pub(super) async fn run<W: Waits, S: RateLimitStore + ?Sized>(
    waits: W,
    store: &S,
    request: Request<'_>,
) -> Result<(), Error> {
    let (limit, key) = (request.limit, request.key);
    let mut turn = None;
    if request.until.is_some() && limit.lines.are_before(key) {
        turn = match queue(waits, &request, None).await {
            Ok(turn) => Some(turn),
            Err(done) => return done,
        };
    }
    let mut has_waited = false;
    // What the clock must show after all this sleep, even if it is a paused runtime's that stands still meanwhile.
    let mut slept_until = Instant::ZERO;
    loop {
        if limit.is_off() {
            return request.let_through();
        }
        let answer = waits.ask(store, request.take()).await;
        let now = clock::now().max(slept_until);
        match request.judge(answer, now, has_waited) {
            Step::Done(answer) => return answer,
            Step::Local => {
                let local = waits.local(&limit.local, key, request.tokens, request.until).await;
                limit.count(&local);
                return local;
            }
            Step::Wait(due) => {
                let turn = match &turn {
                    Some(turn) => turn,
                    None => {
                        let new = match queue(waits, &request, Some(due)).await {
                            Ok(new) => turn.insert(new),
                            Err(done) => return done,
                        };
                        if !new.was_first {
                            // What the store said is no longer so.
                            continue;
                        }
                        new
                    }
                };
                turn.place.expect(due);
                slept_until = due.max(now + SHORTEST);
                waits.sleep(limit, now, slept_until).await;
                has_waited = true;
            }
        }
    }
}

/// What a store is not asked more often than.
const SHORTEST: Duration = Duration::from_millis(1);

/// The right to ask, until it is dropped.
struct Turn<'a> {
    place: Place<'a>,
    was_first: bool,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.place.leave_first();
    }
}

/// # Errors
/// The answer, where it does not come to its turn.
async fn queue<'a, W: Waits>(
    waits: W,
    request: &Request<'a>,
    due: Option<Instant>,
) -> Result<Turn<'a>, Result<(), Error>> {
    let (place, before) = request.limit.lines.join(request.key, request.amount);
    let now = clock::now();
    let earliest = before.map_or(now, |line| request.earliest_behind(line, now));
    if request.is_past(earliest) {
        return Err(Err(request.refuse_in_line(earliest, now)));
    }
    if let (None, Some(due)) = (before, due) {
        place.expect(due);
    }
    let until = request.until.unwrap_or(now);
    match waits.pass(request.limit, Arc::clone(&place.turnstile), until).await {
        Some(permit) => Ok(Turn { place, was_first: before.is_none(), _permit: permit }),
        None if request.limit.is_off() => Err(request.let_through()),
        None => Err(Err(request.refuse_in_line(earliest, clock::now()))),
    }
}

/// Awaits.
#[derive(Clone, Copy)]
pub(super) struct NonBlocking;

impl Waits for NonBlocking {
    async fn ask<'a, S: RateLimitStore + ?Sized>(
        self,
        store: &'a S,
        take: Take<'a>,
    ) -> Result<Taken, StoreError> {
        store.take(take).await
    }

    async fn pass(
        self,
        limit: &SharedLimit,
        turnstile: Arc<Semaphore>,
        until: Instant,
    ) -> Option<OwnedSemaphorePermit> {
        let in_vain = first_of(clock::sleep_until(until + SHORTEST), limit.switched_off());
        first_of(turnstile.acquire_owned(), in_vain).await?.ok()
    }

    async fn sleep(self, limit: &SharedLimit, _now: Instant, until: Instant) {
        first_of(clock::sleep_until(until), limit.switched_off()).await;
    }

    async fn local<'a>(
        self,
        limiter: &'a KeyedRateLimiter,
        key: &'a str,
        tokens: f64,
        until: Option<Instant>,
    ) -> Result<(), Error> {
        limiter.enter_async(key, tokens, until).await
    }
}

/// Blocks the thread, so that no future is ever pending.
#[derive(Clone, Copy)]
pub(super) struct Blocking;

impl Waits for Blocking {
    async fn ask<'a, S: RateLimitStore + ?Sized>(
        self,
        store: &'a S,
        take: Take<'a>,
    ) -> Result<Taken, StoreError> {
        store::block_on(store.take(take)).unwrap_or_else(|error| {
            let problem = format!("there is no thread to wait on: {error}");
            let kind = StoreErrorKind::Unavailable;
            Err(StoreError::because(kind, store.describe(), "take", problem, error))
        })
    }

    async fn pass(
        self,
        limit: &SharedLimit,
        turnstile: Arc<Semaphore>,
        until: Instant,
    ) -> Option<OwnedSemaphorePermit> {
        let through = first_of(turnstile.acquire_owned(), limit.switched_off());
        clock::block_on(through, Some(until + SHORTEST))??.ok()
    }

    async fn sleep(self, limit: &SharedLimit, mut now: Instant, until: Instant) {
        while now < until && !limit.is_off() {
            // In slices, so that it is noticed when the limit is switched off.
            let next = until.min(now + SLICE);
            clock::sleep_blocking(next.saturating_since(now));
            now = next.max(clock::now());
        }
    }

    async fn local<'a>(
        self,
        limiter: &'a KeyedRateLimiter,
        key: &'a str,
        tokens: f64,
        until: Option<Instant>,
    ) -> Result<(), Error> {
        limiter.enter(key, tokens, until)
    }
}
