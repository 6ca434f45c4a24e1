use std::{fmt::Write as _, sync::Arc, time::Duration};

use super::{
    Cache, CacheKey, CacheStore, CacheValue, Invalidation, Lead,
    generations::{Generations, Stamp},
};
use crate::{
    Error,
    clock::Instant,
    deadline::{self, Until},
    registry::Policy,
    store::{Decode, Encode, StoreError, StoreRef, ToKey, ToStore},
};

/// So many stores of one cache are listened to. More of them are a mistake: each call seems to make its own.
const MOST_STORES: usize = 8;

/// The second tier of a cache, as one call uses it.
pub struct Tier<S: ?Sized + 'static> {
    store: StoreRef<S>,
    key: String,
}

impl<S: ?Sized> std::fmt::Debug for Tier<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tier").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What all keys of a cache begin with: its name, in which a `:` is written `\:` and a `\` is written `\\`.
fn prefix(name: &str) -> String {
    let mut prefix = String::with_capacity(name.len() + 1);
    for c in name.chars() {
        if matches!(c, ':' | '\\') {
            prefix.push('\\');
        }
        prefix.push(c);
    }
    prefix.push(':');
    prefix
}

/// Where the store lies.
fn place<S: ?Sized>(store: &StoreRef<S>) -> usize {
    match store {
        StoreRef::Static(store) => std::ptr::from_ref::<S>(store).cast::<()>().addr(),
        StoreRef::Shared(store) => Arc::as_ptr(store).cast::<()>().addr(),
    }
}

impl<S: CacheStore + ?Sized> Tier<S> {
    /// That of one key. From the first one on, the cache hears what other processes remove.
    pub fn of<T: ToStore<Store = S> + ?Sized, K: ToKey + ?Sized>(cache: &Cache, store: &T, key: &K) -> Self {
        let prefix = prefix(cache.name());
        let store = store.to_store();
        listen(cache, &store, &prefix);
        let mut text = prefix;
        // Writing to a text never fails.
        let _ = write!(text, "{}", key.to_key().as_str());
        Self { store, key: text }
    }

    /// That of all keys, for removing them.
    pub fn of_all<T: ToStore<Store = S> + ?Sized>(cache: &Cache, store: &T) -> Self {
        let (store, key) = (store.to_store(), prefix(cache.name()));
        listen(cache, &store, &key);
        Self { store, key }
    }

    /// What the store has, with the time that is left of it. Where it cannot answer, nothing, or a refusal. It is waited for to
    /// `end` at most, or to the deadline around that nobody enforces.
    ///
    /// # Errors
    /// [`Error::Store`] of a cache that is closed where its store cannot answer; [`Error::DeadlineExceeded`].
    pub async fn get<K, V>(
        &self,
        lead: &mut Lead<K, V>,
        end: Option<Instant>,
    ) -> Result<Option<(V, Duration)>, Error>
    where
        K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
        V: CacheValue,
        S::Codec: Decode<V>,
    {
        if lead.is_alone() {
            return Ok(None);
        }
        lead.stamp(&self.key);
        let (name, config) = (lead.shared().name.clone(), *lead.shared().config());
        let end = end.or_else(deadline::unenforced);
        let Some(kept) = Until::new(self.store.get(&self.key), end).await else {
            return Err(deadline::exceeded(&name));
        };
        let kept = match kept {
            Ok(Some(kept)) => kept,
            Ok(None) => return Ok(None),
            Err(error) if config.is_open() => {
                report(name.as_str(), &error);
                return Ok(None);
            }
            Err(error) => return Err(Error::store(name, error)),
        };
        match <S::Codec as Decode<V>>::decode(&kept.value) {
            Ok(value) => Ok(Some((value, kept.ttl_left))),
            // Another version of this program may have written it. It is written anew.
            Err(error) => {
                report(name.as_str(), &StoreError::codec(self.store.describe(), "get", error));
                Ok(None)
            }
        }
    }

    /// What is to be put into the store once the lead is settled.
    pub fn note<K, V>(&self, lead: &Lead<K, V>, value: &V, absent: Option<fn(&V) -> bool>) -> Option<Note>
    where
        K: CacheKey<Owned = K> + Clone + Send + Sync + 'static,
        V: CacheValue,
        S::Codec: Encode<V>,
    {
        let time = lead.time_of(value, absent);
        if time.is_zero() || lead.is_alone() {
            return None;
        }
        let shared = lead.shared();
        match <S::Codec as Encode<V>>::encode(value) {
            Ok(bytes) => {
                let (name, generations) = (shared.name.clone(), Arc::clone(&shared.generations));
                Some(Note { bytes, time, stamp: lead.stamped(), name, generations })
            }
            Err(error) => {
                report(shared.name.as_str(), &StoreError::codec(self.store.describe(), "set", error));
                None
            }
        }
    }

    /// Puts it there. What cannot be put is reported: the call has its answer.
    pub async fn put(&self, note: Option<Note>) {
        let Some(Note { bytes, time, stamp, name, generations }) = note else { return };
        if !generations.is_current(stamp) {
            return;
        }
        if let Err(error) = self.store.set(&self.key, &bytes, time).await {
            report(name.as_str(), &error);
            return;
        }
        // Removed while it was on its way: it may have come after the removal.
        if !generations.is_current(stamp)
            && let Err(error) = self.store.remove(&self.key).await
        {
            report(name.as_str(), &error);
        }
    }

    /// Removes the key from the store, for all processes. Goes on where the caller does not wait for it.
    pub async fn remove(self, cache: &Cache, all: bool) {
        let generations = cache.generations();
        if all {
            generations.pass_all()
        } else {
            generations.pass(&self.key)
        }
        let (name, Self { store, key }) = (cache.shared_name().clone(), self);
        let removal = async move {
            let removed = match all {
                true => store.remove_prefix(&key).await.map(drop),
                false => store.remove(&key).await.map(drop),
            };
            if let Err(error) = removed {
                tracing::error!(
                    target: "mainstay", policy = name.as_str(),
                    "what was to be removed stays in the store until its time is up: {error}"
                );
            }
        };
        match crate::store::io() {
            Ok(io) => drop(io.spawn(removal).await),
            Err(_) => removal.await,
        }
    }
}

/// A value on its way into the store.
#[derive(Debug)]
pub struct Note {
    bytes: Vec<u8>,
    time: Duration,
    stamp: Stamp,
    name: crate::Name,
    generations: Arc<Generations>,
}

fn listen<S: CacheStore + ?Sized>(cache: &Cache, store: &StoreRef<S>, prefix: &str) {
    let generations = cache.generations();
    let listener = || {
        let (generations, prefix) = (Arc::downgrade(generations), prefix.to_owned());
        store.listen(Box::new(move |told| {
            let Some(generations) = generations.upgrade() else { return };
            match told {
                Invalidation::Key(key) if key.starts_with(&*prefix) => generations.pass(key),
                Invalidation::Prefix(of) if of.starts_with(&*prefix) || prefix.starts_with(of) => {
                    generations.pass_all();
                }
                Invalidation::All => generations.pass_all(),
                Invalidation::Key(_) | Invalidation::Prefix(_) => {}
            }
        }))
    };
    generations.listen_once(place(store), MOST_STORES, listener, || Box::new(store.clone()), || {
        tracing::error!(
            target: "mainstay", policy = Policy::name(cache).as_str(),
            "`store = …` of the cache `{}` gives another store with every call: changes by other processes are heard from \
             the first {MOST_STORES} only; make the store once, in a `static` or a field",
            cache.name(),
        );
    });
}

fn report(policy: &str, error: &StoreError) {
    tracing::warn!(target: "mainstay", policy, "second tier of a cache: {error}");
}
