//! The way of a request through any limiter: take, else queue up and wait, else be refused.

use std::{ops::Deref, time::Duration};

use super::{
    amount::Amount,
    queue::{Place, Queue},
    refusal::Refusal,
    rule::Attempt,
};
use crate::{Error, Name, clock::Instant, deadline, observe::report_refusal};

/// One limit, of a limiter or of one of its keys.
pub(super) trait Gate {
    type Handle: Deref<Target = Queue>;

    /// The limiter.
    fn name(&self) -> &Name;
    /// Whether it is switched off from outside.
    fn is_off(&self) -> bool;
    /// How long a call may wait, as the options in force have it.
    fn max_wait(&self) -> Duration;
    /// Takes `amount` if it is there and nobody waits.
    fn newcomer(&self, amount: Amount) -> Attempt;
    /// Takes the last place in the queue, and `amount` if it is there and the queue was empty.
    fn join(&self, amount: Amount) -> Option<(Place<Self::Handle>, Attempt)>;
    /// Takes `amount` if it is there, whoever waits. The clock shows `earliest` at least.
    fn head(&self, amount: Amount, earliest: Instant) -> Attempt;
    fn count_admitted(&self);
    fn count_rejected(&self);
}

/// How long a request is willing to wait; none waits beyond the deadline around.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patience {
    None,
    UpTo(Duration, Option<Instant>),
    Forever,
}

impl Patience {
    pub(super) fn up_to(max_wait: Duration, deadline: Option<Instant>) -> Self {
        if max_wait.is_zero() { Self::None } else { Self::UpTo(max_wait, deadline) }
    }
}

/// A request that has a place in the queue.
struct Waiting<Q: Deref<Target = Queue>> {
    place: Place<Q>,
    amount: Amount,
    limit: Option<Instant>,
}

/// Takes tokens if they are there and nobody waits for any.
#[inline(always)]
pub(super) fn ask<G: Gate>(gate: &G, tokens: f64) -> Result<(), Refusal> {
    if gate.is_off() {
        return Ok(());
    }
    let Some(amount) = Amount::from_tokens(tokens) else { return unusual(gate, tokens) };
    answer(gate, tokens, gate.newcomer(amount))
}

/// The same; `None` where the tokens are not there and the call may wait, which is neither counted nor reported.
#[inline(always)]
pub(super) fn ask_or_wait<G: Gate>(gate: &G, tokens: f64) -> Option<Result<(), Refusal>> {
    if gate.is_off() {
        return Some(Ok(()));
    }
    let Some(amount) = Amount::from_tokens(tokens) else { return Some(unusual(gate, tokens)) };
    answer_or_wait(gate, tokens, gate.newcomer(amount))
}

/// See [`answer`] and [`ask_or_wait`].
#[inline(always)]
pub(super) fn answer_or_wait<G: Gate>(
    gate: &G,
    tokens: f64,
    attempt: Attempt,
) -> Option<Result<(), Refusal>> {
    match attempt {
        Attempt::Short { .. } if !gate.max_wait().is_zero() => None,
        attempt => Some(answer(gate, tokens, attempt)),
    }
}

/// Counts and reports how an attempt ended that is not followed by another.
#[inline(always)]
pub(super) fn answer<G: Gate>(gate: &G, tokens: f64, attempt: Attempt) -> Result<(), Refusal> {
    match attempt {
        Attempt::Taken => {
            gate.count_admitted();
            Ok(())
        }
        attempt => Err(refuse(gate, tokens, attempt)),
    }
}

#[inline]
pub(super) fn enter<G: Gate>(gate: G, tokens: f64, patience: Patience) -> Result<(), Error> {
    match begin(&gate, tokens, patience)? {
        None => Ok(()),
        Some(waiting) => wait_blocking(&gate, &waiting),
    }
}

#[inline]
pub(super) async fn enter_async<G: Gate + Copy>(
    gate: G,
    tokens: f64,
    patience: Patience,
) -> Result<(), Error> {
    // Boxed, and before the await, so that those who need not wait do not carry the room for it.
    let waiting = begin(&gate, tokens, patience)?.map(|waiting| Box::pin(wait(gate, waiting)));
    match waiting {
        None => Ok(()),
        Some(waiting) => waiting.await,
    }
}

#[inline]
fn begin<G: Gate>(gate: &G, tokens: f64, patience: Patience) -> Result<Option<Waiting<G::Handle>>, Error> {
    if gate.is_off() {
        return Ok(None);
    }
    let Some(amount) = Amount::from_tokens(tokens) else {
        let refused = |refusal: Refusal| refusal.error(gate.name(), tokens);
        return unusual(gate, tokens).map(|()| None).map_err(refused);
    };
    match gate.newcomer(amount) {
        Attempt::Taken => {
            gate.count_admitted();
            Ok(None)
        }
        attempt => queue_up(gate, amount, patience, attempt),
    }
}

/// Nothing is always there; what is no amount never is.
#[cold]
fn unusual<G: Gate>(gate: &G, tokens: f64) -> Result<(), Refusal> {
    if tokens == 0.0 {
        gate.count_admitted();
        return Ok(());
    }
    let burst = match gate.head(Amount(u64::MAX), Instant::ZERO) {
        Attempt::TooMuch { burst } => burst,
        _ => 0.0,
    };
    Err(refuse(gate, tokens, Attempt::TooMuch { burst }))
}

#[cold]
fn queue_up<G: Gate>(
    gate: &G,
    amount: Amount,
    patience: Patience,
    attempt: Attempt,
) -> Result<Option<Waiting<G::Handle>>, Error> {
    let limit = match (attempt, patience) {
        (Attempt::Short { .. }, Patience::Forever) => deadline::current(),
        (Attempt::Short { now, .. }, Patience::UpTo(max_wait, deadline)) => {
            let deadline = deadline.or_else(deadline::current);
            Some((now + max_wait).min(deadline.unwrap_or(Instant::NEVER)))
        }
        _ => return Err(refusal(gate, amount, attempt)),
    };
    let in_vain = |due: Instant| limit.is_some_and(|limit| due > limit);
    if let Attempt::Short { due, .. } = attempt
        && in_vain(due)
    {
        return Err(refusal(gate, amount, attempt));
    }
    let Some((place, attempt)) = gate.join(amount) else { return Err(refusal(gate, amount, attempt)) };
    match attempt {
        Attempt::Taken => {
            gate.count_admitted();
            Ok(None)
        }
        Attempt::Short { due, .. } if !in_vain(due) => Ok(Some(Waiting { place, amount, limit })),
        _ => {
            drop(place);
            Err(refusal(gate, amount, attempt))
        }
    }
}

async fn wait<G: Gate>(gate: G, waiting: Waiting<G::Handle>) -> Result<(), Error> {
    let ended =
        waiting.place.wait(waiting.limit, |earliest| ended(gate.head(waiting.amount, earliest))).await;
    settle(&gate, waiting.amount, ended)
}

fn wait_blocking<G: Gate>(gate: &G, waiting: &Waiting<G::Handle>) -> Result<(), Error> {
    let take = |earliest| ended(gate.head(waiting.amount, earliest));
    settle(gate, waiting.amount, waiting.place.wait_blocking(waiting.limit, take))
}

fn ended(attempt: Attempt) -> Result<Attempt, Instant> {
    match attempt {
        Attempt::Short { due, .. } => Err(due),
        ended => Ok(ended),
    }
}

/// Tells how a wait ended; `None` is a wait that was given up.
fn settle<G: Gate>(gate: &G, amount: Amount, ended: Option<Attempt>) -> Result<(), Error> {
    match ended {
        Some(Attempt::Taken) => {
            gate.count_admitted();
            Ok(())
        }
        Some(attempt) => Err(refusal(gate, amount, attempt)),
        // The place is still held: what is wanted before a newcomer includes this request.
        None => Err(refusal(gate, amount, gate.newcomer(Amount(0)))),
    }
}

#[cold]
fn refusal<G: Gate>(gate: &G, amount: Amount, attempt: Attempt) -> Error {
    refuse(gate, amount.tokens(), attempt).error(gate.name(), amount.tokens())
}

/// Counts and reports a refusal.
#[inline(always)]
fn refuse<G: Gate>(gate: &G, tokens: f64, attempt: Attempt) -> Refusal {
    let refusal = Refusal::new(attempt);
    gate.count_rejected();
    let name = gate.name();
    report_refusal(move || refusal.error(name, tokens));
    refusal
}
