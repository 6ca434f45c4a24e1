//! loom's types cannot be made in a constant, which policies in statics are. These are made at the first use.

use std::{
    fmt,
    ops::Deref,
    sync::{LockResult, OnceLock, PoisonError, TryLockResult},
};

pub(crate) use loom::{
    sync::{MutexGuard, atomic::fence},
    thread::yield_now,
};

macro_rules! atomics {
    ($($name:ident: $value:ty;)*) => {$(
        pub(crate) struct $name {
            start: $value,
            modelled: OnceLock<loom::sync::atomic::$name>,
        }

        impl $name {
            pub(crate) const fn new(start: $value) -> Self {
                Self { start, modelled: OnceLock::new() }
            }
        }

        impl Deref for $name {
            type Target = loom::sync::atomic::$name;

            fn deref(&self) -> &Self::Target {
                self.modelled.get_or_init(|| loom::sync::atomic::$name::new(self.start))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }
    )*};
}

atomics! {
    AtomicU32: u32;
    AtomicU64: u64;
}

#[derive(Debug)]
pub(crate) struct Mutex<T> {
    start: std::sync::Mutex<Option<T>>,
    modelled: OnceLock<loom::sync::Mutex<T>>,
}

impl<T> Mutex<T> {
    pub(crate) const fn new(start: T) -> Self {
        Self { start: std::sync::Mutex::new(Some(start)), modelled: OnceLock::new() }
    }

    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        self.modelled().lock()
    }

    pub(crate) fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        self.modelled().try_lock()
    }

    fn modelled(&self) -> &loom::sync::Mutex<T> {
        self.modelled.get_or_init(|| {
            let start = self.start.lock().unwrap_or_else(PoisonError::into_inner).take();
            loom::sync::Mutex::new(start.unwrap_or_else(|| unreachable!("made once")))
        })
    }
}

/// A value that is swapped for another in one step, as is a word by the true one. loom has none: the lock is held for the
/// swap, and orders what is around two swaps as they do.
pub(crate) struct AtomicCell<T>(Mutex<T>);

impl<T> AtomicCell<T> {
    pub(crate) const fn new(start: T) -> Self {
        Self(Mutex::new(start))
    }

    pub(crate) fn swap(&self, value: T) -> T {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), value)
    }

    pub(crate) fn take(&self) -> T
    where
        T: Default,
    {
        self.swap(T::default())
    }
}
