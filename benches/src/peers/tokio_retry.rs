//! Retry by a strategy, which is any iterator of waits.

use std::{
    iter::repeat_n,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use ::tokio_retry::{
    Retry,
    strategy::{ExponentialBackoff, jitter},
};

use crate::{
    row::Row,
    work::{Error, now, until_it_waits, work_async, work_later},
};

const WHO: &str = "tokio-retry";

pub fn first_try(n: u64) -> impl Future<Output = Result<u64, Error>> {
    Retry::start(ExponentialBackoff::from_millis(1000).map(jitter).take(2), move || work_async(n))
}

pub fn first_try_async() -> Row {
    Row::new(WHO, || now(first_try(1)))
}

pub fn one_failure() -> Row {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    Row::awaited(WHO, || {
        Retry::start(repeat_n(Duration::ZERO, 2), || work_later(CALLS.fetch_add(1, Relaxed) % 2))
    })
}

pub fn until_the_wait() -> Row {
    Row::new(WHO, || until_it_waits(first_try(0)))
}
