//! `#[cached]` and `#[concurrent_cached]` of the crate of that name.

use std::time::Duration;

use ::cached::proc_macro::cached;

use crate::{
    ours::cached::{KEYS, key},
    row::{Row, keys},
    work::{Error, work},
};

const WHO: &str = "cached";

#[cached(time = 3600, size = 10_000, result = true)]
fn hit(key: [u8; 16]) -> Result<u64, Error> {
    work(u64::from(key[0]) + 1)
}

#[cached(time = 3600, result = true)]
fn hit_unbounded(key: [u8; 16]) -> Result<u64, Error> {
    work(u64::from(key[0]) + 1)
}

pub fn hot() -> Row {
    Row::new(WHO, || hit(key(7)))
}

pub fn hot_unbounded() -> Row {
    Row::new("cached, no bound", || hit_unbounded(key(7)))
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
