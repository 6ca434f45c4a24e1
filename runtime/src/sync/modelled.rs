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

/// A value that is stored and taken in one step, as is a word by the true one. loom has none: a word says whether there is a
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

    /// To be called where there is no value.
    pub(crate) fn store(&self, value: Option<T>) {
        let is_full = u32::from(value.is_some());
        *self.value.lock().unwrap_or_else(PoisonError::into_inner) = value;
        self.is_full.store(is_full, Ordering::Release);
    }

    pub(crate) fn take(&self) -> Option<T> {
        match self.is_full.swap(0, Ordering::AcqRel) {
            0 => None,
            _ => self.value.lock().unwrap_or_else(PoisonError::into_inner).take(),
        }
    }
}
