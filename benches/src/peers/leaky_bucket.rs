//! A bucket that waiting tasks refill in turn.

use std::time::Duration;

use ::leaky_bucket::RateLimiter;

use crate::{
    row::{Row, keep},
    work::{Error, work},
};

const WHO: &str = "leaky-bucket";

fn row(limiter: &'static RateLimiter) -> Row {
    Row::new(WHO, || if limiter.try_acquire(1) { work(1) } else { Err(Error(2)) })
}

pub fn admitted() -> Row {
    const RATE: usize = 1_000_000_000;
    let limiter =
        RateLimiter::builder().max(RATE).initial(RATE).refill(RATE).interval(Duration::from_secs(1)).build();
    row(keep(limiter))
}

pub fn refused() -> Row {
    let limiter =
        RateLimiter::builder().max(1).initial(0).refill(1).interval(Duration::from_secs(3600)).build();
    assert!(!limiter.try_acquire(1));
    row(keep(limiter))
}
