use mainstay::rate_limit;

use super::WHO;
use crate::{
    row::{Row, keys},
    work::{Error, work},
};

#[rate_limit("1000000000/s")]
fn one_bucket(n: u64) -> Result<u64, Error> {
    work(n)
}

#[rate_limit("1/d")]
fn spent(n: u64) -> Result<u64, Error> {
    work(n)
}

/// Never refused, and never idle: what a key takes comes back more slowly than it takes it.
#[rate_limit("1/s", burst = 250_000_000, key = n, max_keys = 200_000)]
fn by_key(n: u64) -> Result<u64, Error> {
    work(n + 1)
}

#[rate_limit("1000000000/s")]
pub async fn one_bucket_async(n: u64) -> Result<u64, Error> {
    work(n)
}

pub fn admitted() -> Row {
    Row::new(WHO, || one_bucket(1))
}

pub fn refused() -> Row {
    // The first is admitted, if this is the first.
    let _ = spent(1);
    Row::new(WHO, || spent(1))
}

pub fn keyed(count: u64) -> Row {
    Row::per_thread(WHO, move |thread| {
        let mut key = keys(count, thread);
        move || by_key(key())
    })
}
