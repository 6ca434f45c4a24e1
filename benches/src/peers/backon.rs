//! Retry by a method on functions.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use ::backon::{BlockingRetryable, ConstantBuilder, ExponentialBuilder, Retryable};

use crate::{
    row::Row,
    work::{Error, now, until_it_waits, work, work_async, work_later},
};

const WHO: &str = "backon";

pub fn first_try_sync() -> Row {
    Row::new(WHO, || (|| work(1)).retry(ExponentialBuilder::default()).call())
}

pub fn first_try(n: u64) -> impl Future<Output = Result<u64, Error>> {
    (move || work_async(n)).retry(ExponentialBuilder::default()).into_future()
}

fn with_jitter(n: u64) -> impl Future<Output = Result<u64, Error>> {
    (move || work_async(n)).retry(ExponentialBuilder::default().with_jitter()).into_future()
}

pub fn first_try_async() -> Row {
    Row::new(WHO, || now(first_try(1)))
}

pub fn one_failure() -> Row {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    Row::awaited(WHO, || {
        (|| work_later(CALLS.fetch_add(1, Relaxed) % 2))
            .retry(ConstantBuilder::default().with_delay(Duration::ZERO))
            .into_future()
    })
}

pub fn until_the_wait() -> Row {
    Row::new(WHO, || until_it_waits(with_jitter(0)))
}
