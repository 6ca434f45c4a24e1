//! A small number for each of the first threads, that no other living thread has.

use std::{
    cell::Cell,
    sync::{OnceLock, PoisonError},
    thread::available_parallelism,
};

use crate::sync::Mutex;

/// What a thread without a seat has; also a thread that has not asked yet.
pub(super) const NONE: usize = usize::MAX;
const UNASKED: usize = usize::MAX - 1;

/// The seats that are taken, one bit each, seat 1 the lowest. The lock hands over what a thread wrote to whoever has
/// its seat next.
#[derive(Debug)]
pub(super) struct Seats {
    taken: Mutex<u64>,
}

/// How many threads get a seat: twice as many as run at once, within these bounds.
const FEWEST: usize = 16;
const MOST: usize = 64;

impl Seats {
    pub(super) const fn new() -> Self {
        Self { taken: Mutex::new(0) }
    }

    /// The lowest free seat of that many, from 1 on, or [`NONE`].
    pub(super) fn take(&self, count: usize) -> usize {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let free = taken.trailing_ones() as usize;
        if free >= count.min(MOST) {
            return NONE;
        }
        *taken |= 1 << free;
        free + 1
    }

    pub(super) fn give_back(&self, seat: usize) {
        if (1..=MOST).contains(&seat) {
            *self.taken.lock().unwrap_or_else(PoisonError::into_inner) &= !(1 << (seat - 1));
        }
    }
}

static SEATS: Seats = Seats::new();

thread_local! {
    static SEAT: Cell<usize> = const { Cell::new(UNASKED) };
    static KEEPER: Keeper = const { Keeper };
}

/// Gives the seat back when the thread ends.
struct Keeper;

impl Drop for Keeper {
    fn drop(&mut self) {
        SEATS.give_back(SEAT.replace(NONE));
    }
}

/// How many seats there are, numbered from 1.
pub(crate) fn count() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    let twice = || available_parallelism().map_or(FEWEST, |threads| threads.get().saturating_mul(2));
    *COUNT.get_or_init(|| twice().clamp(FEWEST, MOST))
}

/// This thread's seat, or a number beyond the last one.
#[inline]
pub(crate) fn seat() -> usize {
    // loom's threads take turns on one thread, and would all have its seat.
    if cfg!(mainstay_loom) { NONE } else { SEAT.get() }
}

/// Takes a seat for this thread, unless it has asked already.
pub(crate) fn ask() {
    if !cfg!(mainstay_loom) && SEAT.get() == UNASKED {
        // Without its keeper a seat would never be given back: a thread that is ending gets none.
        SEAT.set(KEEPER.try_with(|_| SEATS.take(count())).unwrap_or(NONE));
    }
}
