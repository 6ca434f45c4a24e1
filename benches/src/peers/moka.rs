//! With a time to live, as ours.

use std::time::Duration;

use ::moka::sync::Cache;

use crate::{
    ours::cached::{KEYS, key, new_keys},
    row::{Row, keep, keys},
    work::{Error, work},
};

const WHO: &str = "moka";

fn cache() -> &'static Cache<[u8; 16], Result<u64, Error>> {
    let cache = keep(Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(3600)).build());
    (0..KEYS).for_each(|n| cache.insert(key(n), work(n + 1)));
    cache
}

pub fn hot() -> Row {
    let cache = cache();
    Row::new(WHO, || cache.get_with(key(7), || work(1)))
}

pub fn spread() -> Row {
    let cache = cache();
    Row::per_thread(WHO, move |thread| {
        let mut next = keys(KEYS, thread);
        move || cache.get_with(key(next()), || work(1))
    })
}

pub fn missed() -> Row {
    let cache: &Cache<u64, Result<u64, Error>> =
        keep(Cache::builder().max_capacity(1000).time_to_live(Duration::from_secs(3600)).build());
    Row::per_thread(WHO, move |thread| {
        let mut next = new_keys(thread);
        move || {
            let key = next();
            cache.get_with(key, || work(key | 1))
        }
    })
}
