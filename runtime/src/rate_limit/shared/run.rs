//! Asks the store, and waits: the same way for async callers and for those who block.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    line::Place,
    request::{Request, Step},
};
use crate::{
    Error,
    clock::{self, Instant},
    rate_limit::{KeyedRateLimiter, RateLimitStore, Take, Taken, queue::first_of},
    store::{self, StoreError, StoreErrorKind},
};

/// How a caller waits.
pub(super) trait Waits: Copy + Send {
    fn ask<'a, S: RateLimitStore + ?Sized>(
        self,
        store: &'a S,
        take: Take<'a>,
    ) -> impl Future<Output = Result<Taken, StoreError>> + Send + use<'a, S, Self>;
    /// `None` where `until` comes first.
    fn pass(
        self,
        turnstile: Arc<Semaphore>,
        until: Instant,
    ) -> impl Future<Output = Option<OwnedSemaphorePermit>> + Send + use<Self>;
    fn sleep(self, now: Instant, until: Instant) -> impl Future<Output = ()> + Send + use<Self>;
    fn local<'a>(
        self,
        limiter: &'a KeyedRateLimiter,
        key: &'a str,
        tokens: f64,
        until: Option<Instant>,
    ) -> impl Future<Output = Result<(), Error>> + Send + use<'a, Self>;
}

/// Gets the tokens, or the refusal. What waits has a place in a line until it is done or dropped.
pub(super) async fn run<W: Waits, S: RateLimitStore + ?Sized>(
    waits: W,
    store: &S,
    request: Request<'_>,
) -> Result<(), Error> {
    let (limit, key) = (request.limit, request.key);
    let mut turn = None;
    if request.until.is_some() && limit.lines.are_before(key) {
        turn = Some(queue(waits, &request, None).await?);
    }
    let mut has_waited = false;
    // What the clock must show after all this sleep, even if it is a paused runtime's that stands still meanwhile.
    let mut slept_until = Instant::ZERO;
    loop {
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
                        let new = turn.insert(queue(waits, &request, Some(due)).await?);
                        if !new.was_first {
                            // What the store said is no longer so.
                            continue;
                        }
                        new
                    }
                };
                turn.place.expect(due);
                slept_until = due.max(now + SHORTEST);
                waits.sleep(now, slept_until).await;
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

async fn queue<'a, W: Waits>(
    waits: W,
    request: &Request<'a>,
    due: Option<Instant>,
) -> Result<Turn<'a>, Error> {
    let (place, before) = request.limit.lines.join(request.key, request.amount);
    let now = clock::now();
    let earliest = before.map_or(now, |line| request.earliest_behind(line, now));
    if request.is_past(earliest) {
        return Err(request.refuse_in_line(earliest, now));
    }
    if let (None, Some(due)) = (before, due) {
        place.expect(due);
    }
    let until = request.until.unwrap_or(now);
    match waits.pass(Arc::clone(&place.turnstile), until).await {
        Some(permit) => Ok(Turn { place, was_first: before.is_none(), _permit: permit }),
        None => Err(request.refuse_in_line(earliest, clock::now())),
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

    async fn pass(self, turnstile: Arc<Semaphore>, until: Instant) -> Option<OwnedSemaphorePermit> {
        first_of(turnstile.acquire_owned(), clock::sleep_until(until + SHORTEST)).await?.ok()
    }

    async fn sleep(self, _now: Instant, until: Instant) {
        clock::sleep_until(until).await;
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

    async fn pass(self, turnstile: Arc<Semaphore>, until: Instant) -> Option<OwnedSemaphorePermit> {
        clock::block_on(turnstile.acquire_owned(), Some(until + SHORTEST))?.ok()
    }

    async fn sleep(self, now: Instant, until: Instant) {
        clock::sleep_blocking(until.saturating_since(now));
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
