//! loom's types cannot be made in a constant, which policies in statics are. These are made at the first use.

use std::{
    fmt,
    ops::Deref,
    sync::{LockResult, OnceLock, PoisonError, TryLockResult, atomic::Ordering},
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

/// A value that is swapped for another in one step, as is a word by the true one. loom has none: a word says whether there is a
/// value, and orders what is around it as the true one does. The lock around the value itself is none of loom's, and orders
/// nothing.
pub(crate) struct AtomicCell<T> {
    is_full: AtomicU32,
    value: std::sync::Mutex<T>,
}

impl<T> AtomicCell<Option<T>> {
    pub(crate) const fn new(start: Option<T>) -> Self {
        assert!(start.is_none(), "made empty");
        Self { is_full: AtomicU32::new(0), value: std::sync::Mutex::new(start) }
    }

    pub(crate) fn swap(&self, value: Option<T>) -> Option<T> {
        let was_full = self.is_full.swap(u32::from(value.is_some()), Ordering::AcqRel);
        // No step of loom's lies between, so no other thread does.
        let before =
            std::mem::replace(&mut *self.value.lock().unwrap_or_else(PoisonError::into_inner), value);
        before.filter(|_| was_full != 0)
    }

    pub(crate) fn take(&self) -> Option<T> {
        self.swap(None)
    }
}
