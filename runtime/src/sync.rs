//! The atomics and locks that threads share in a policy.
//!
//! They are the standard library's. Under `--cfg mainstay_loom` they are loom's, so that the models (`loom.rs` in the
//! policies' folders, run by `.ci/loom`) try every order in which threads can meet.

#[cfg(mainstay_loom)]
mod modelled;

#[cfg(mainstay_loom)]
pub(crate) use self::modelled::{AtomicCell, AtomicU32, AtomicU64, Mutex, MutexGuard, fence, yield_now};
#[cfg(not(mainstay_loom))]
pub(crate) use crossbeam_utils::atomic::AtomicCell;
pub(crate) use std::sync::atomic::Ordering;
#[cfg(not(mainstay_loom))]
pub(crate) use std::{
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicU32, AtomicU64, fence},
    },
    thread::yield_now,
};
