//! What a store's answer means to who asked: no clock and no await.

use std::time::Duration;

use super::{SharedLimit, line::Line};
use crate::{
    Error,
    clock::{self, Instant},
    deadline,
    observe::report_refusal,
    rate_limit::{Algorithm, OnStoreError, RateLimitConfig, Take, Taken, amount::Amount},
    store::StoreError,
};

/// How long a request is willing to wait.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patience {
    None,
    UpTo(Duration, Option<Instant>),
}

impl Patience {
    pub(super) fn up_to(max_wait: Duration, deadline: Option<Instant>) -> Self {
        if max_wait.is_zero() { Self::None } else { Self::UpTo(max_wait, deadline) }
    }
}

/// A request for tokens that the store must be asked for.
pub(super) struct Request<'a> {
    pub(super) limit: &'a SharedLimit,
    /// What it goes by to its end, whatever is changed meanwhile.
    pub(super) config: &'a RateLimitConfig,
    pub(super) key: &'a str,
    pub(super) tokens: f64,
    pub(super) amount: Amount,
    /// The end of its patience, if it has any.
    pub(super) until: Option<Instant>,
}

/// What follows from an answer.
pub(super) enum Step {
    Done(Result<(), Error>),
    /// The tokens will be there then, and the request waits for them.
    Wait(Instant),
    /// The store cannot tell, and the limiter of this process shall.
    Local,
}

/// How much later than promised the tokens of one who has waited may be: timers are no finer than a millisecond, and the
/// store's clock is another one.
const GRACE: Duration = Duration::from_millis(2);

impl<'a> Request<'a> {
    /// # Errors
    /// The answer, where it needs no store: nothing is always there, and what is more than all never is.
    pub(super) fn new(
        limit: &'a SharedLimit,
        key: &'a str,
        tokens: f64,
        patience: Patience,
    ) -> Result<Self, Result<(), Error>> {
        let Some(config) = limit.live.in_force() else { return Err(Ok(())) };
        let burst = match config.kind() {
            Algorithm::TokenBucket => config.burst_tokens(),
            _ => config.rate().amount(),
        };
        let fits = |amount: &Amount| *amount <= Amount::whole(burst);
        let Some(amount) = Amount::from_tokens(tokens).filter(fits) else {
            let answer = match tokens == 0.0 {
                true => Ok(()),
                false => Err(Error::exceeds_burst(limit.name.clone(), tokens, f64::from(burst))),
            };
            return Err(told(limit, answer));
        };
        let until = match patience {
            Patience::None => None,
            Patience::UpTo(max_wait, deadline) => {
                let deadline = deadline.or_else(deadline::current);
                Some((clock::now() + max_wait).min(deadline.unwrap_or(Instant::NEVER)))
            }
        };
        Ok(Self { limit, config, key, tokens, amount, until })
    }

    pub(super) fn take(&self) -> Take<'_> {
        Take { key: self.key, config: self.config, tokens: self.tokens }
    }

    /// `has_waited`: whether an earlier answer said that the tokens would be there now.
    pub(super) fn judge(&self, answer: Result<Taken, StoreError>, now: Instant, has_waited: bool) -> Step {
        let taken = match answer {
            Ok(taken) => taken,
            Err(error) => return self.without_store(error),
        };
        self.limit.answered();
        if taken.allowed {
            return self.done(Ok(()));
        }
        let Some(retry_after) = taken.retry_after else {
            let burst = f64::from(self.config.burst_tokens());
            return self.done(Err(Error::exceeds_burst(self.limit.name.clone(), self.tokens, burst)));
        };
        let (due, grace) = (now + retry_after, if has_waited { GRACE } else { Duration::ZERO });
        match self.until {
            Some(until) if due <= until + grace => Step::Wait(due),
            _ => self.done(Err(Error::rate_limited(self.limit.name.clone(), retry_after))),
        }
    }

    fn without_store(&self, error: StoreError) -> Step {
        self.limit.failed(&error);
        match self.config.on_failure() {
            OnStoreError::Local => Step::Local,
            OnStoreError::Open => self.done(Ok(())),
            OnStoreError::Closed => self.done(Err(Error::store(self.limit.name.clone(), error))),
        }
    }

    /// The answer where the limit was switched off while it waited.
    pub(super) fn let_through(&self) -> Result<(), Error> {
        told(self.limit, Ok(()))
    }

    fn done(&self, answer: Result<(), Error>) -> Step {
        Step::Done(told(self.limit, answer))
    }

    /// When it gets its tokens at best, with those of `line` before it: after the first of them, and where tokens come
    /// evenly, when those of the others and its own have come.
    pub(super) fn earliest_behind(&self, line: Line, now: Instant) -> Instant {
        match line.first_due {
            // The first is asking just now.
            None => now,
            Some(due) if self.config.kind() != Algorithm::TokenBucket => due.max(now),
            Some(due) => due.max(now) + self.time_for(line.behind_first.saturating_add(self.amount.0)),
        }
    }

    /// How long it takes for so many millionths of a token to come.
    fn time_for(&self, parts: u64) -> Duration {
        let rate = self.config.rate();
        let per_period = u128::from(Amount::whole(rate.amount()).0).max(1);
        let nanos = u128::from(parts).saturating_mul(rate.per().as_nanos()).div_ceil(per_period);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// Whether a request would be too late that gets its tokens at `earliest`.
    pub(super) fn is_past(&self, earliest: Instant) -> bool {
        self.until.is_none_or(|until| earliest > until)
    }

    /// The refusal of a request that stood in line in vain, or would.
    pub(super) fn refuse_in_line(&self, earliest: Instant, now: Instant) -> Error {
        let retry_after = earliest.saturating_since(now).max(self.time_for(self.amount.0));
        let error = Error::rate_limited(self.limit.name.clone(), retry_after);
        self.limit.count(&Err(error.clone()));
        report_refusal(|| error.clone());
        error
    }
}

/// Counts and reports an answer that is not the local limiter's, which reports its own.
fn told(limit: &SharedLimit, answer: Result<(), Error>) -> Result<(), Error> {
    limit.count(&answer);
    if let Err(error) = &answer {
        report_refusal(|| error.clone());
    }
    answer
}
