//! No warnings, whatever is asked of the user's lints.
#![deny(warnings, unused, clippy::all)]

use std::{sync::Arc, time::Duration};

use mainstay::{Error, cache_evict, cached, cached::Cache};

const TTL: Duration = Duration::from_secs(60);

#[cached("clean", ttl = TTL, jitter = none, max_entries = 100, stale_if_error = "1h", cache_err = "1s")]
async fn get(id: u64, name: &str) -> Result<String, Error> {
    Ok(format!("{name}{id}"))
}

#[cached(ttl = "60s", negative_ttl = "1s", key = &names)]
fn find(names: Vec<String>) -> Result<Option<Arc<str>>, Error> {
    Ok(names.into_iter().next().map(Arc::from))
}

#[cached(ttl = "60s", stale_for = "10s")]
async fn refreshed(mut id: u64, name: &str, _unused: String) -> Result<String, Error> {
    id += 1;
    Ok(format!("{name}{id}"))
}

#[cached(ttl = "60s", stale_for = "10s")]
fn refreshed_on_a_thread(id: u64, name: &str) -> Result<String, Error> {
    Ok(format!("{name}{id}"))
}

#[cache_evict("clean", key = (id, "ada"))]
#[cache_evict("clean", all, before)]
async fn set(id: u64) -> Result<u64, Error> {
    Ok(id)
}

#[derive(Clone)]
struct Shop {
    prices: Arc<Cache>,
}

impl Shop {
    #[cached(with = self.prices)]
    async fn price(&self, id: u64) -> Result<u64, Error> {
        Ok(id)
    }

    #[cached(ttl = "60s", stale_for = "10s", key = id)]
    async fn stale(&self, id: u64) -> Result<u64, Error> {
        self.price(id).await
    }

    #[cached(ttl = "60s", key = id)]
    async fn consume(self, id: u64) -> Result<u64, Error> {
        self.price(id).await
    }

    #[cache_evict(with = self.prices, key = id)]
    fn set(&mut self, id: u64) -> Result<u64, Error> {
        self.prices = Arc::clone(&self.prices);
        Ok(id)
    }
}

#[cached(ttl = "60s", key = text)]
fn parse<T>(text: &str) -> Result<T, Error>
where
    T: std::str::FromStr + Clone + Send + Sync + 'static,
{
    text.parse().map_err(|_| Error::timed_out("parse", TTL))
}

fn main() {
    let _ = (get, find, refreshed, refreshed_on_a_thread, set, parse::<u64>);
    let _ = (Shop::price, Shop::stale, Shop::consume, Shop::set);
}
