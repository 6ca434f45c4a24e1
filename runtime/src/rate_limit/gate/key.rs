use std::{sync::Arc, time::Duration};

use crate::{
    Name,
    clock::{self, Instant},
    rate_limit::{
        KeyedRateLimiter,
        amount::Amount,
        enter::Gate,
        queue::{Place, Queue},
        rule::Attempt,
    },
};

/// The limit of one key.
#[derive(Clone, Copy)]
pub(in crate::rate_limit) struct KeyGate<'a> {
    pub(in crate::rate_limit) limiter: &'a KeyedRateLimiter,
    pub(in crate::rate_limit) hash: u64,
}

impl Gate for KeyGate<'_> {
    type Handle = Arc<Queue>;

    fn name(&self) -> &Name {
        &self.limiter.name
    }

    #[inline]
    fn is_off(&self) -> bool {
        !self.limiter.live.is_on()
    }

    // Only where the tokens are not there: what admits is short.
    #[inline(never)]
    fn max_wait(&self) -> Duration {
        self.limiter.live.get().patience()
    }

    #[inline]
    fn newcomer(&self, amount: Amount) -> Attempt {
        let keys = &self.limiter.keys;
        let plainly = keys.buckets().and_then(|buckets| buckets.take_plainly(self.hash, amount, clock::now));
        plainly.unwrap_or_else(|| keys.newcomer(self.hash, amount, clock::now))
    }

    fn join(&self, amount: Amount) -> Option<(Place<Arc<Queue>>, Attempt)> {
        self.limiter.keys.join(self.hash, amount, clock::now)
    }

    fn head(&self, amount: Amount, earliest: Instant) -> Attempt {
        if self.is_off() {
            return Attempt::Taken;
        }
        let clock = || clock::now().max(earliest);
        self.limiter.keys.head(self.hash, amount, clock)
    }

    #[inline]
    fn count_admitted(&self) {
        self.limiter.admitted.increment();
    }

    #[inline]
    fn count_rejected(&self) {
        self.limiter.rejected.increment();
    }
}
