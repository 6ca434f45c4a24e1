use mainstay::{adaptive_limit, throttle};

use super::WHO;
use crate::{
    row::Row,
    work::{Error, now, work},
};

#[adaptive_limit]
fn limited(n: u64) -> Result<u64, Error> {
    work(n)
}

#[adaptive_limit(priority = sheddable)]
async fn limited_async(n: u64) -> Result<u64, Error> {
    work(n)
}

#[throttle]
fn throttled(n: u64) -> Result<u64, Error> {
    work(n)
}

#[throttle("bench.overloaded", reject_if = |_| true, max_rejection_rate = 1.0)]
fn overloaded(_n: u64) -> Result<u64, Error> {
    Err(Error(7))
}

pub fn limit() -> Row {
    Row::new(WHO, || limited(1))
}

/// With a priority, in a future.
pub fn limit_async() -> Row {
    Row::new(WHO, || now(limited_async(1)))
}

pub fn throttle() -> Row {
    Row::new(WHO, || throttled(1))
}

/// To a server that rejects everything, so that nearly all calls are refused.
pub fn refused() -> Row {
    Row::new(WHO, || overloaded(1))
}
