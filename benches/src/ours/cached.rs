use std::sync::atomic::{AtomicU64, Ordering};

use mainstay::cached;

use super::WHO;
use crate::{
    row::{Row, keys},
    work::{Error, now, work},
};

/// As many keys the rows with spread keys ask for.
pub const KEYS: u64 = 1000;

/// Keys that nobody has asked for before.
pub fn new_keys(thread: usize) -> impl FnMut() -> u64 {
    static ROUND: AtomicU64 = AtomicU64::new(0);
    let mut next = (ROUND.fetch_add(1, Ordering::Relaxed) << 32) | ((thread as u64) << 60);
    move || {
        next += 1;
        next
    }
}

/// A key of 16 bytes.
pub fn key(n: u64) -> [u8; 16] {
    (u128::from(n) << 64 | u128::from(n.wrapping_mul(0x9E37_79B9_7F4A_7C15))).to_le_bytes()
}

#[cached(ttl = "1h")]
fn hit(key: [u8; 16]) -> Result<u64, Error> {
    work(u64::from(key[0]) + 1)
}

#[cached(ttl = "1h")]
async fn hit_async(key: [u8; 16]) -> Result<u64, Error> {
    work(u64::from(key[0]) + 1)
}

#[cached(ttl = "1h")]
fn hit_by_text(key: &str) -> Result<u64, Error> {
    work(key.len() as u64)
}

#[cached(ttl = "1h", max_entries = 1000)]
fn miss(key: u64) -> Result<u64, Error> {
    work(key | 1)
}

pub fn hot() -> Row {
    Row::new(WHO, || hit(key(7)))
}

pub fn spread() -> Row {
    for n in 0..KEYS {
        let _ = hit(key(n));
    }
    Row::per_thread(WHO, |thread| {
        let mut next = keys(KEYS, thread);
        move || hit(key(next()))
    })
}

pub fn hot_async() -> Row {
    Row::new(WHO, || now(hit_async(key(7))))
}

pub fn by_text() -> Row {
    Row::new(WHO, || hit_by_text("a key of 16 byte"))
}

/// Every key is new, and another goes for it.
pub fn missed() -> Row {
    Row::per_thread(WHO, |thread| {
        let mut next = new_keys(thread);
        move || miss(next())
    })
}
