//! The generic cell rate algorithm; keyed by `dashmap`.

use std::num::NonZeroU32;

use ::governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use crate::{
    row::{Row, keep, keys},
    work::{Error, work},
};

const WHO: &str = "governor";

pub fn plenty() -> Quota {
    Quota::per_second(NonZeroU32::new(1_000_000_000).expect("not zero"))
}

/// As our keyed rows: never refused, and never idle.
fn slow_but_deep() -> Quota {
    Quota::per_second(NonZeroU32::MIN).allow_burst(NonZeroU32::new(250_000_000).expect("not zero"))
}

pub fn bucket() -> DefaultDirectRateLimiter {
    RateLimiter::direct(plenty())
}

pub fn admitted() -> Row {
    let limiter = keep(bucket());
    Row::new(WHO, || match limiter.check() {
        Ok(()) => work(1),
        Err(_) => Err(Error(2)),
    })
}

pub fn refused() -> Row {
    let limiter = keep(RateLimiter::direct(Quota::per_hour(NonZeroU32::MIN)));
    assert!(limiter.check().is_ok());
    Row::new(WHO, || match limiter.check() {
        Ok(()) => work(1),
        Err(_) => Err(Error(2)),
    })
}

pub fn keyed(count: u64) -> Row {
    let limiter = keep(RateLimiter::dashmap(slow_but_deep()));
    Row::per_thread(WHO, move |thread| {
        let mut next = keys(count, thread);
        move || {
            let key = next();
            match limiter.check_key(&key) {
                Ok(()) => work(key + 1),
                Err(_) => Err(Error(2)),
            }
        }
    })
}

/// With the hasher that Mainstay uses, so that the table is compared and not the hash.
pub fn keyed_foldhash(count: u64) -> Row {
    let limiter =
        keep(RateLimiter::dashmap_with_hasher(slow_but_deep(), foldhash::fast::RandomState::default()));
    Row::per_thread("governor with foldhash", move |thread| {
        let mut next = keys(count, thread);
        move || {
            let key = next();
            match limiter.check_key(&key) {
                Ok(()) => work(key + 1),
                Err(_) => Err(Error(2)),
            }
        }
    })
}
