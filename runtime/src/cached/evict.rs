use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use super::{Cache, CacheKey};
use crate::{
    catalog::{self, Site},
    registry::{Policy, policies},
};

/// Where a `#[cache_evict]` keeps the cache that its name stands for.
#[derive(Debug)]
pub struct EvictSite {
    name: &'static str,
    site: &'static Site,
    found: OnceLock<&'static Cache>,
    was_reported: AtomicBool,
}

impl EvictSite {
    /// One that has not looked yet.
    pub const fn new(name: &'static str, site: &'static Site) -> Self {
        Self { name, site, found: OnceLock::new(), was_reported: AtomicBool::new(false) }
    }

    /// The cache, if there is one of that name.
    #[inline]
    pub fn get(&'static self) -> Option<&'static Cache> {
        match self.found.get() {
            Some(cache) => Some(cache),
            None => self.find(),
        }
    }

    #[cold]
    fn find(&'static self) -> Option<&'static Cache> {
        catalog::start(self.site);
        if let Some(cache) = policies().cache(self.name) {
            return Some(self.found.get_or_init(|| cache));
        }
        if !self.was_reported.swap(true, Ordering::Relaxed) {
            let known: Vec<_> =
                policies().caches().into_iter().map(|cache| cache.name().to_owned()).collect();
            tracing::error!(
                target: "mainstay",
                policy = self.name,
                "`#[cache_evict(\"{}\")]` at {} evicts nothing: no cache has that name; give the `#[cached]` that it belongs \
                 to this name. The names there are: {}",
                self.name,
                self.site,
                if known.is_empty() { "none".to_owned() } else { known.join(", ") },
            );
        }
        None
    }
}

/// What a call is to evict, owned before its body takes the arguments.
#[derive(Debug)]
pub struct Eviction<K>(Option<K>);

impl<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static> Eviction<K> {
    /// One key.
    pub fn of<Q: CacheKey<Owned = K> + ?Sized>(key: &Q) -> Self {
        Self(Some(key.to_owned_key()))
    }

    /// Evicts it from this process.
    pub fn run(&self, cache: Option<&Cache>, has_store: bool) {
        let Some(cache) = cache else { return };
        cache.warn_of_missing_store(has_store);
        match &self.0 {
            Some(key) => drop(cache.remove(key)),
            None => cache.clear(),
        }
    }
}

impl Eviction<()> {
    /// Everything.
    pub const fn of_all() -> Self {
        Self(None)
    }
}

impl Cache {
    /// What is evicted here only, comes back from the second tier.
    fn warn_of_missing_store(&self, has_store: bool) {
        if !has_store && self.leaves_out_store() {
            tracing::error!(
                target: "mainstay",
                policy = Policy::name(self).as_str(),
                "a `#[cache_evict]` without `store` evicts from the cache `{}`, whose second tier keeps the value: give it \
                 the same `store = …` as the `#[cached]`",
                self.name(),
            );
        }
    }
}
