use std::time::Duration;

use crate::store::{BoxFuture, Codec, Store, StoreError};

/// A second tier of a cache, shared by processes: slower than memory, and it stays when a process goes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no store for caches",
    label = "`store` is a handle of a second tier: an `Arc` of one, or a `&'static` reference to one",
    note = "a store implements `mainstay::cached::CacheStore`; for one in a `static`, write `store = &*STORE`"
)]
pub trait CacheStore: Store {
    /// How values become the store's bytes.
    type Codec: Codec;

    /// The value under the key, and how long it is still kept.
    ///
    /// # Errors
    /// The store cannot answer.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Kept>, StoreError>>;

    /// Keeps a value for `ttl`, in place of what was there.
    ///
    /// # Errors
    /// The store cannot answer.
    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Removes the value and tells every process that listens. Whether there was one.
    ///
    /// # Errors
    /// The store cannot answer.
    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Removes every value whose key begins with `prefix` and tells every process that listens.
    ///
    /// # Errors
    /// The store cannot answer.
    fn remove_prefix<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<u64, StoreError>>;

    /// Tells `listener` of every removal by whatever process from now on, its own included, until what is given is dropped.
    /// It is called on the store's thread and must be quick.
    ///
    /// Where the store loses touch, it says [`Invalidation::All`] when it has found it again: anything may have changed.
    fn listen(&self, listener: Box<dyn Fn(Invalidation<'_>) + Send + Sync>) -> Box<dyn Send + Sync>;
}

/// A value in a [`CacheStore`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The bytes.
    pub value: Vec<u8>,
    /// How long they are still kept.
    pub ttl_left: Duration,
}

/// What processes tell each other about a shared cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalidation<'a> {
    /// What stands under this key is no longer true.
    Key(&'a str),
    /// What stands under keys that begin so is no longer true.
    Prefix(&'a str),
    /// Anything may have changed.
    All,
}
