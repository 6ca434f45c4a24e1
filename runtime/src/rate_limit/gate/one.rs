use std::time::Duration;

use crate::{
    Name,
    clock::{self, Instant},
    rate_limit::{
        RateLimiter,
        amount::Amount,
        enter::Gate,
        limiter::{ADMITTED, REJECTED},
        queue::{Place, Queue},
        rule::Attempt,
    },
};

impl<'a> Gate for &'a RateLimiter {
    type Handle = &'a Queue;

    fn name(&self) -> &Name {
        &self.name
    }

    #[inline]
    fn is_off(&self) -> bool {
        !self.live.is_on()
    }

    #[inline]
    fn max_wait(&self) -> Duration {
        if self.live.is_as_written() { self.live.code().patience() } else { max_wait_set(self) }
    }

    #[inline]
    fn newcomer(&self, amount: Amount) -> Attempt {
        self.engine.take(amount, self.queue.ahead(), clock::now)
    }

    fn join(&self, amount: Amount) -> Option<(Place<&'a Queue>, Attempt)> {
        let (place, ahead) = Place::take(&self.queue, amount)?;
        Some((place, self.engine.take(amount, ahead, clock::now)))
    }

    fn head(&self, amount: Amount, earliest: Instant) -> Attempt {
        if self.is_off() {
            return Attempt::Taken;
        }
        let clock = || clock::now().max(earliest);
        self.engine.take_as_head(amount, clock)
    }

    #[inline(always)]
    fn count_admitted(&self) {
        self.counts.increment(ADMITTED);
    }

    #[inline(always)]
    fn count_rejected(&self) {
        self.counts.increment(REJECTED);
    }
}

/// Apart: what refuses is short.
#[cold]
fn max_wait_set(limiter: &RateLimiter) -> Duration {
    limiter.live.get().patience()
}
