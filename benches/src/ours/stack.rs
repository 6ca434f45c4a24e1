use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};

use super::WHO;
use crate::{
    row::Row,
    work::{Error, now, work},
};

fn zero(_: Error) -> Result<u64, Error> {
    Ok(0)
}

#[fallback(zero)]
pub async fn covered(n: u64) -> Result<u64, Error> {
    work(n)
}

#[retry]
#[bulkhead(10)]
#[timeout("10s")]
pub async fn three(n: u64) -> Result<u64, Error> {
    work(n)
}

#[retry]
#[circuit_breaker]
#[rate_limit("1000000000/s")]
#[bulkhead(10)]
#[timeout("10s")]
pub async fn five(n: u64) -> Result<u64, Error> {
    work(n)
}

pub fn fallback_not_needed() -> Row {
    Row::new(WHO, || now(covered(1)))
}

pub fn of_three() -> Row {
    Row::new(WHO, || now(three(1)))
}

pub fn of_five() -> Row {
    Row::new(WHO, || now(five(1)))
}
