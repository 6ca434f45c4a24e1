//! A cache without time: nothing in it grows old. With the lock and the hasher that Mainstay uses it with.

use ::quick_cache::sync::Cache;

use crate::{
    ours::cached::{KEYS, key, new_keys},
    row::{Row, keep, keys},
    work::{Error, work},
};

const WHO: &str = "quick_cache, no ttl";

fn cache() -> &'static Cache<[u8; 16], Result<u64, Error>> {
    let cache = keep(Cache::new(10_000));
    (0..KEYS).for_each(|n| cache.insert(key(n), work(n + 1)));
    cache
}

pub fn hot() -> Row {
    let cache = cache();
    Row::new(WHO, || cache.get_or_insert_with(&key(7), || Ok::<_, Error>(work(1))))
}

pub fn spread() -> Row {
    let cache = cache();
    Row::per_thread(WHO, move |thread| {
        let mut next = keys(KEYS, thread);
        move || cache.get_or_insert_with(&key(next()), || Ok::<_, Error>(work(1)))
    })
}

pub fn missed() -> Row {
    let cache: &Cache<u64, Result<u64, Error>> = keep(Cache::new(1000));
    Row::per_thread(WHO, move |thread| {
        let mut next = new_keys(thread);
        move || {
            let key = next();
            cache.get_or_insert_with(&key, || Ok::<_, Error>(work(key | 1)))
        }
    })
}
