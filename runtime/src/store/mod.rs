//! What policies keep outside this process: the traits that a store implements, and what is common to all of them.
//!
//! A store is a server, a file or memory. It speaks bytes; its [`Codec`] says how values become bytes. Store traits can be
//! made into objects, so that a service can choose its store when it starts:
//! `Arc<dyn IdempotencyStore<Codec = Json>>`.

mod codec;
mod error;
mod finish;
mod io;
mod key;

use std::{future::Future, pin::Pin, sync::Arc};

pub use codec::{Codec, CodecError, Decode, Encode, Fingerprint};
pub use error::{OnStoreError, StoreError, StoreErrorKind};
pub(crate) use finish::finish;
pub use io::{block_on, io};
pub use key::{Key, Text, ToKey};

/// What a store's methods give: a boxed future, so that stores can be objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What every store can say of itself.
pub trait Store: Send + Sync + 'static {
    /// What it is and where, as errors name it: `redis at 127.0.0.1:6379`. No secrets.
    fn describe(&self) -> String;

    /// Asks whether the store can serve now: for health checks.
    ///
    /// # Errors
    /// Why it cannot.
    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>>;
}

/// What `store = …` takes: something by which a store can be kept beyond the call, because leases are renewed and keys
/// released beside it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no handle of a store",
    label = "expected an `Arc` of a store, or a `&'static` reference to one",
    note = "the store is kept beyond the call: hold it in an `Arc` and write `store = self.store`, or in a `static` and \
            write `store = &*STORE`"
)]
pub trait ToStore {
    /// The store behind it.
    type Store: ?Sized + Store;
    /// A handle of its own.
    fn to_store(&self) -> StoreRef<Self::Store>;
}

impl<S: Store + ?Sized> ToStore for Arc<S> {
    type Store = S;
    fn to_store(&self) -> StoreRef<S> {
        StoreRef::Shared(Arc::clone(self))
    }
}

impl<S: Store + ?Sized> ToStore for &Arc<S> {
    type Store = S;
    fn to_store(&self) -> StoreRef<S> {
        StoreRef::Shared(Arc::clone(self))
    }
}

impl<S: Store + ?Sized> ToStore for &'static S {
    type Store = S;
    fn to_store(&self) -> StoreRef<S> {
        StoreRef::Static(self)
    }
}

impl<S: Store + ?Sized> ToStore for StoreRef<S> {
    type Store = S;
    fn to_store(&self) -> StoreRef<S> {
        self.clone()
    }
}

/// A store that lives as long as this.
pub enum StoreRef<S: ?Sized + 'static> {
    /// One that lives as long as the program.
    Static(&'static S),
    /// One that is shared.
    Shared(Arc<S>),
}

impl<S: ?Sized> Clone for StoreRef<S> {
    fn clone(&self) -> Self {
        match self {
            Self::Static(store) => Self::Static(store),
            Self::Shared(store) => Self::Shared(Arc::clone(store)),
        }
    }
}

impl<S: ?Sized> std::ops::Deref for StoreRef<S> {
    type Target = S;
    fn deref(&self) -> &S {
        match self {
            Self::Static(store) => store,
            Self::Shared(store) => store,
        }
    }
}

impl<S: Store + ?Sized> Store for StoreRef<S> {
    fn describe(&self) -> String {
        (**self).describe()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        (**self).ping()
    }
}

impl<S: Store + ?Sized> std::fmt::Debug for StoreRef<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.describe())
    }
}
