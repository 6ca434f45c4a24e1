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

    // Only where the tokens are not there: what admits is short.
    #[inline(never)]
    fn max_wait(&self) -> Duration {
        self.live.get().patience()
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

    #[inline]
    fn count_admitted(&self) {
        self.counts.increment(ADMITTED);
    }

    #[inline]
    fn count_rejected(&self) {
        self.counts.increment(REJECTED);
    }
}
