//! The five as one writes them by hand with the best peer for each: backon, recloser, governor, tokio.

use ::backon::{ExponentialBuilder, Retryable};
use ::governor::DefaultDirectRateLimiter;
use ::recloser::AsyncRecloser;
use ::tokio::{sync::Semaphore, time::timeout};
use std::time::Duration;

use crate::{
    row::{Row, keep},
    work::{Error, now, work_async},
};

const WHO: &str = "peers by hand";
const LIMIT: Duration = Duration::from_secs(10);

/// What guards the function.
pub struct Guards {
    breaker: AsyncRecloser,
    limiter: DefaultDirectRateLimiter,
    places: Semaphore,
}

impl Guards {
    pub fn new() -> Self {
        Self {
            breaker: super::recloser::breaker().into(),
            limiter: super::governor::bucket(),
            places: Semaphore::new(10),
        }
    }

    async fn placed(&self, n: u64) -> Result<u64, Error> {
        let Ok(_permit) = self.places.try_acquire() else { return Err(Error(4)) };
        timeout(LIMIT, work_async(n)).await.unwrap_or(Err(Error(5)))
    }

    async fn limited(&self, n: u64) -> Result<u64, Error> {
        match self.limiter.check() {
            Ok(()) => self.placed(n).await,
            Err(_) => Err(Error(3)),
        }
    }

    pub async fn five(&self, n: u64) -> Result<u64, Error> {
        let attempt = || async { self.breaker.call(self.limited(n)).await.map_err(Error::from) };
        attempt.retry(ExponentialBuilder::default()).await
    }

    pub async fn three(&self, n: u64) -> Result<u64, Error> {
        let attempt = || self.placed(n);
        attempt.retry(ExponentialBuilder::default()).await
    }
}

pub fn three() -> Row {
    let guards = keep(Guards::new());
    Row::new(WHO, || now(guards.three(1)))
}

pub fn five() -> Row {
    let guards = keep(Guards::new());
    Row::new(WHO, || now(guards.five(1)))
}
