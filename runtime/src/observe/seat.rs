//! A small number for each of the first threads, that no other living thread has.

use std::{
    cell::Cell,
    sync::{Mutex, PoisonError},
};

/// How many threads get a seat.
pub(super) const SEATS: usize = 16;

/// What a thread without a seat has; also a thread that has not asked yet.
const NONE: usize = usize::MAX;
const UNASKED: usize = usize::MAX - 1;

/// The seats taken, one bit each. The lock hands over what a thread wrote to whoever has its seat next.
static TAKEN: Mutex<u32> = Mutex::new(0);

thread_local! {
    static SEAT: Cell<usize> = const { Cell::new(UNASKED) };
    static KEEPER: Keeper = const { Keeper };
}

/// Gives the seat back when the thread ends.
struct Keeper;

impl Drop for Keeper {
    fn drop(&mut self) {
        let seat = SEAT.replace(NONE);
        if seat < SEATS {
            *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) &= !(1 << seat);
        }
    }
}

/// This thread's seat, or a number beyond the last one.
#[inline]
pub(super) fn seat() -> usize {
    // loom's threads take turns on one thread, and would all have its seat.
    if cfg!(mainstay_loom) {
        return NONE;
    }
    match SEAT.get() {
        UNASKED => take(),
        seat => seat,
    }
}

#[cold]
fn take() -> usize {
    // Without its keeper a seat would never be given back: a thread that is ending gets none.
    if KEEPER.try_with(|_| ()).is_err() {
        return NONE;
    }
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    let free = taken.trailing_ones() as usize;
    let seat = if free < SEATS { free } else { NONE };
    if seat != NONE {
        *taken |= 1 << seat;
    }
    SEAT.set(seat);
    seat
}
