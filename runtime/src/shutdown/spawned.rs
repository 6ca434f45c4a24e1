//! How many tasks of `mainstay::spawn` there are.
//!
//! Two counts that only rise, begun and ended, each in a cell of its thread's own: a task may end on another thread than it
//! began on, and neither writes a word that others share.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use crate::observe::seat;

#[derive(Default)]
#[repr(align(64))]
struct Cell {
    begun: AtomicU64,
    ended: AtomicU64,
}

/// A cell for each seat, behind one for the threads without.
static CELLS: OnceLock<Box<[Cell]>> = OnceLock::new();

fn cells() -> &'static [Cell] {
    CELLS.get_or_init(|| (0..=seat::count()).map(|_| Cell::default()).collect())
}

#[inline]
fn count(which: fn(&Cell) -> &AtomicU64) {
    match cells().get(seat::seat()) {
        // Nobody else writes this cell as long as this thread has the seat. `Release`: whoever sees that a task has ended
        // sees also that it began others.
        Some(own) => {
            let own = which(own);
            own.store(own.load(Ordering::Relaxed).wrapping_add(1), Ordering::Release);
        }
        None => count_shared(which),
    }
}

#[cold]
#[inline(never)]
fn count_shared(which: fn(&Cell) -> &AtomicU64) {
    seat::ask();
    if let Some(shared) = cells().first() {
        which(shared).fetch_add(1, Ordering::AcqRel);
    }
}

/// How many run. Never fewer than there are: what ended is read before what began.
pub(super) fn running() -> u64 {
    let sum = |which: fn(&Cell) -> &AtomicU64| {
        let counts = CELLS.get().into_iter().flatten().map(|cell| which(cell).load(Ordering::Acquire));
        counts.fold(0, u64::wrapping_add)
    };
    let ended = sum(|cell| &cell.ended);
    sum(|cell| &cell.begun).wrapping_sub(ended)
}

/// Counts as a running task until it is dropped.
#[derive(Debug)]
pub(crate) struct Running(());

impl Running {
    #[inline]
    pub(crate) fn begin() -> Self {
        count(|cell| &cell.begun);
        Self(())
    }
}

impl Drop for Running {
    #[inline]
    fn drop(&mut self) {
        count(|cell| &cell.ended);
    }
}

pin_project! {
    /// A task that is counted until it is done or dropped.
    pub(crate) struct Spawned<F> {
        #[pin]
        future: F,
        // Behind the future, which is dropped first.
        running: Running,
    }
}

impl<F> Spawned<F> {
    #[inline]
    pub(crate) fn new(future: F) -> Self {
        Self { future, running: Running::begin() }
    }
}

impl<F: Future> Future for Spawned<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().future.poll(cx)
    }
}
