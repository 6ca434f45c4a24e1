use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use mainstay::retry;

use super::WHO;
use crate::{
    row::Row,
    work::{Error, now, until_it_waits, work, work_later},
};

#[retry]
fn sync(n: u64) -> Result<u64, Error> {
    work(n)
}

#[retry]
pub async fn first_try(n: u64) -> Result<u64, Error> {
    work(n)
}

#[retry(initial_delay = "0s")]
async fn second_try(calls: &AtomicU64) -> Result<u64, Error> {
    work_later(calls.fetch_add(1, Relaxed) % 2).await
}

pub fn first_try_sync() -> Row {
    Row::new(WHO, || sync(1))
}

pub fn first_try_async() -> Row {
    Row::new(WHO, || now(first_try(1)))
}

/// Each attempt is pending once; the first fails, the second succeeds, and nothing is waited for between them.
pub fn one_failure() -> Row {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    Row::awaited(WHO, || second_try(&CALLS))
}

/// The first attempt fails; the call is dropped as soon as it waits for the second.
pub fn until_the_wait() -> Row {
    Row::new(WHO, || until_it_waits(first_try(0)))
}
