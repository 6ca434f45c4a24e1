use std::time::Duration;

use mainstay_json::Json;
use mainstay_runtime::{
    cached::{CacheStore, Invalidation, Kept},
    store::{BoxFuture, StoreError},
};
use redis::{cmd, pipe};

use crate::{
    RedisStore,
    durations::{left, millis},
    listeners,
    names::literally,
    scripts,
    store::about,
};

/// How many keys the server looks at in one step of a scan, during which it does nothing else.
const STEP: u32 = 500;

impl CacheStore for RedisStore {
    type Codec = Json;

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Kept>, StoreError>> {
        Box::pin(async move {
            let key = self.names().cached(key);
            let mut both = pipe();
            // Together: a time that belongs to another value would keep this one too long.
            both.atomic().cmd("GET").arg(&key).cmd("PTTL").arg(&key);
            let (value, ttl): (Option<Vec<u8>>, i64) = self.ask("get", both).await?;
            Ok(value.map(|value| Kept { value, ttl_left: left(ttl) }))
        })
    }

    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let mut set = cmd("SET");
            set.arg(self.names().cached(key)).arg(value).arg("PX").arg(millis(ttl));
            self.ask("set", set).await
        })
    }

    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let mut script = about(&scripts::REMOVE, &self.names().cached(key));
            script.arg(&self.names().removed).arg(listeners::key(key));
            self.ask("remove", script).await
        })
    }

    fn remove_prefix<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            let removed = self.unlink(&format!("{}*", literally(&self.names().cached(prefix)))).await;
            // Also after half of it: what is gone is gone.
            let mut tell = cmd("PUBLISH");
            tell.arg(&self.names().removed).arg(listeners::prefix(prefix));
            let told: Result<u64, StoreError> = self.ask("remove_prefix", tell).await;
            let removed = removed?;
            told.map(|_| removed)
        })
    }

    fn listen(&self, listener: Box<dyn Fn(Invalidation<'_>) + Send + Sync>) -> Box<dyn Send + Sync> {
        let listening = self.subscriber().listeners().add(listener);
        // Without a thread nothing else of the store works either, and says so.
        let _ = self.subscriber().hub();
        Box::new((listening, self.clone()))
    }
}

impl RedisStore {
    /// Removes what matches, in steps, so that others are served in between.
    async fn unlink(&self, pattern: &str) -> Result<u64, StoreError> {
        let (mut cursor, mut removed) = (0_u64, 0);
        loop {
            let mut scan = cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(STEP);
            let (next, keys): (u64, Vec<Vec<u8>>) = self.ask("remove_prefix", scan).await?;
            if !keys.is_empty() {
                // One command a key: a cluster keeps them in different places.
                let mut unlinks = pipe();
                keys.iter().for_each(|key| {
                    unlinks.cmd("UNLINK").arg(key);
                });
                let counts: Vec<u64> = self.ask("remove_prefix", unlinks).await?;
                removed += counts.iter().sum::<u64>();
            }
            if next == 0 {
                return Ok(removed);
            }
            cursor = next;
        }
    }
}
