//! A token bucket in one word.

use std::time::Duration;

use ::ratelimit::Ratelimiter;

use crate::{
    row::{Row, keep},
    work::{Error, work},
};

const WHO: &str = "ratelimit";

fn row(limiter: &'static Ratelimiter) -> Row {
    Row::new(WHO, || match limiter.try_wait() {
        Ok(()) => work(1),
        Err(_) => Err(Error(2)),
    })
}

pub fn admitted() -> Row {
    const RATE: u64 = 1_000_000_000;
    let limiter = Ratelimiter::builder(RATE).max_tokens(RATE).initial_available(RATE).build();
    row(keep(limiter.expect("a sound configuration")))
}

pub fn refused() -> Row {
    let hour = Duration::from_secs(3600);
    let limiter = Ratelimiter::builder(1).period(hour).max_tokens(1).build();
    let limiter = keep(limiter.expect("a sound configuration"));
    assert!(limiter.try_wait().is_err());
    row(limiter)
}
