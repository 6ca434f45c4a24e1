use std::sync::atomic::{AtomicU64, Ordering};

use mainstay::idempotent;

use super::WHO;
use crate::{
    row::{Row, keys},
    work::{Error, now, work},
};

#[idempotent(key = key)]
fn once(key: &str, n: u64) -> Result<u64, Error> {
    let _ = key;
    work(n)
}

#[idempotent(key = key)]
pub async fn once_async(key: &str, n: u64) -> Result<u64, Error> {
    let _ = key;
    work(n)
}

#[idempotent(key = key, ttl = "10ms")]
fn first(key: u64) -> Result<u64, Error> {
    work(key)
}

/// As many as a service may have seen in a day.
pub const MANY: u64 = 100_000;

/// A key as clients send them, of 16 bytes.
pub fn text(key: u64) -> String {
    format!("{key:016x}")
}

pub fn replay() -> Row {
    Row::new(WHO, || once("00000000deadbeef", 1))
}

pub fn replay_async() -> Row {
    Row::new(WHO, || now(once_async("00000000deadbeef", 1)))
}

pub fn replay_of_many() -> Row {
    let texts: &[String] = crate::row::keep((0..MANY).map(text).collect::<Vec<_>>());
    Row::per_thread(WHO, move |thread| {
        let mut key = keys(MANY, thread);
        move || once(&texts[key() as usize], 1)
    })
}

/// Every key is new, and gone after ten milliseconds.
pub fn claim_and_commit() -> Row {
    static KEY: AtomicU64 = AtomicU64::new(0);
    Row::new(WHO, || first(KEY.fetch_add(1, Ordering::Relaxed)))
}
