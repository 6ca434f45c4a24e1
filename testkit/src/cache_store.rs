use std::{
    collections::BTreeMap,
    fmt,
    marker::PhantomData,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use mainstay_runtime::{
    cached::{CacheStore, Invalidation, Kept},
    clock::{Instant, now},
    store::{BoxFuture, Codec, Store, StoreError, StoreErrorKind},
};

/// A second tier for caches in this process's memory, for tests: it counts what it is asked and fails as told.
///
/// It follows the policies' clock, keeps every rule of [`contract::cache`](crate::contract::cache()), and has no bound.
pub struct MemoryCacheStore<C> {
    kept: Mutex<BTreeMap<String, (Vec<u8>, Instant)>>,
    listeners: Arc<Listeners>,
    is_down: AtomicBool,
    asked: AtomicU64,
    codec: PhantomData<fn() -> C>,
}

type Listener = Arc<dyn Fn(Invalidation<'_>) + Send + Sync>;

#[derive(Default)]
struct Listeners(Mutex<Vec<(u64, Listener)>>, AtomicU64);

impl<C: Codec> Default for MemoryCacheStore<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Codec> MemoryCacheStore<C> {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            kept: Mutex::default(),
            listeners: Arc::default(),
            is_down: AtomicBool::new(false),
            asked: AtomicU64::new(0),
            codec: PhantomData,
        }
    }

    /// Whether it fails from now on.
    pub fn set_down(&self, is_down: bool) {
        self.is_down.store(is_down, Ordering::Relaxed);
    }

    /// How often it was asked to do something.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Every key that it has.
    pub fn keys(&self) -> Vec<String> {
        locked(&self.kept).keys().cloned().collect()
    }

    /// Tells all who listen, as a store does that has lost touch.
    pub fn tell(&self, told: Invalidation<'_>) {
        let listeners: Vec<Listener> =
            locked(&self.listeners.0).iter().map(|(_, listener)| Arc::clone(listener)).collect();
        listeners.iter().for_each(|listener| listener(told));
    }

    fn ask(&self, operation: &'static str) -> Result<(), StoreError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        match self.is_down.load(Ordering::Relaxed) {
            true => {
                let problem = "it is down, as the test has it";
                Err(StoreError::new(StoreErrorKind::Unavailable, self.describe(), operation, problem))
            }
            false => Ok(()),
        }
    }
}

impl<C: Codec> Store for MemoryCacheStore<C> {
    fn describe(&self) -> String {
        "memory of a test".to_owned()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { self.ask("ping") })
    }
}

impl<C: Codec> CacheStore for MemoryCacheStore<C> {
    type Codec = C;

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Kept>, StoreError>> {
        Box::pin(async move {
            self.ask("get")?;
            let now = now();
            let kept = locked(&self.kept);
            let found = kept.get(key).filter(|(_, until)| *until > now);
            Ok(found
                .map(|(value, until)| Kept { value: value.clone(), ttl_left: until.saturating_since(now) }))
        })
    }

    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.ask("set")?;
            locked(&self.kept).insert(key.to_owned(), (value.to_vec(), now() + ttl));
            Ok(())
        })
    }

    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            self.ask("remove")?;
            let removed = locked(&self.kept).remove(key).is_some_and(|(_, until)| until > now());
            self.tell(Invalidation::Key(key));
            Ok(removed)
        })
    }

    fn remove_prefix<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            self.ask("remove")?;
            let removed = {
                let mut kept = locked(&self.kept);
                let before = kept.len();
                kept.retain(|key, _| !key.starts_with(prefix));
                before - kept.len()
            };
            self.tell(Invalidation::Prefix(prefix));
            Ok(removed as u64)
        })
    }

    fn listen(&self, listener: Box<dyn Fn(Invalidation<'_>) + Send + Sync>) -> Box<dyn Send + Sync> {
        let number = self.listeners.1.fetch_add(1, Ordering::Relaxed);
        locked(&self.listeners.0).push((number, Arc::from(listener)));
        Box::new(Listening { listeners: Arc::clone(&self.listeners), number })
    }
}

struct Listening {
    listeners: Arc<Listeners>,
    number: u64,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut listeners = locked(&self.listeners.0);
        let place = listeners.iter().position(|(number, _)| *number == self.number);
        let gone = place.map(|place| listeners.swap_remove(place));
        drop(listeners);
        drop(gone);
    }
}

impl<C: Codec> fmt::Debug for MemoryCacheStore<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryCacheStore").field("keys", &self.keys()).finish_non_exhaustive()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bytes;

    impl Codec for Bytes {
        const NAME: &'static str = "bytes";
    }

    #[tokio::test(start_paused = true)]
    async fn it_keeps_the_contract() {
        let store = MemoryCacheStore::<Bytes>::new();
        crate::contract::cache(&store, &store).await;
    }

    #[tokio::test]
    async fn it_keeps_the_contract_on_a_real_clock() {
        let store = MemoryCacheStore::<Bytes>::new();
        crate::contract::cache(&store, &store).await;
    }
}
