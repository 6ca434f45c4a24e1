//! Each thread keeps the places of waits that are over for those to come.

use std::{cell::RefCell, pin::Pin};

use super::place;

type Place = Pin<Box<place::Place>>;

/// How many places a thread keeps: enough for waits that come and go, and little memory (about 16 KiB).
const MOST: usize = 64;

/// In how many of them a wait's waker may stay for the next one. The same tasks use them again and again; in the others,
/// which a thread needs at times, it would keep tasks that are over.
const WITH_WAKERS: usize = 8;

thread_local! {
    static IDLE: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

/// A place that nothing waits in.
pub(super) fn take() -> Place {
    // A thread that is ending keeps nothing any more.
    let kept = IDLE.try_with(|idle| idle.borrow_mut().pop()).ok().flatten();
    kept.unwrap_or_else(|| Box::pin(place::Place::new()))
}

/// Ends the wait in `place` and keeps the place.
pub(super) fn give_back(mut place: Place) {
    // First, and with nothing borrowed: a waker that goes here may take its task with it, and that task's delays.
    place.as_mut().end();
    if let Some(place) = keep(place, WITH_WAKERS) {
        give_back_without_waker(place);
    }
}

#[cold]
fn give_back_without_waker(mut place: Place) {
    // As above.
    place.as_mut().let_go();
    drop(keep(place, MOST));
}

/// Gives the place again where so many are kept already.
fn keep(place: Place, most: usize) -> Option<Place> {
    let mut place = Some(place);
    // A thread that is ending keeps nothing any more.
    let _ = IDLE.try_with(|idle| {
        let mut idle = idle.borrow_mut();
        if idle.len() < most {
            idle.extend(place.take());
        }
    });
    place
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, ptr, time::Duration};

    use super::*;
    use crate::clock::wait::Wait;

    fn address(place: &Place) -> *const place::Place {
        ptr::from_ref(&**place)
    }

    #[test]
    fn no_place_is_lost_and_none_is_in_two_hands() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut held: Vec<Place> = Vec::new();
        for step in 0..crate::histories::steps(50_000) {
            // Now more comes than goes, now less: both ends of the pool are met.
            let grow = random.u8(..) < if held.len() < 3 * MOST { 140 } else { 100 };
            let before = IDLE.with_borrow(|idle| (idle.len(), idle.last().map(address)));
            if grow || held.is_empty() {
                let mut place = take();
                assert!(place.is_idle());
                assert!(before.1.is_none_or(|last| last == address(&place)));
                assert_eq!(IDLE.with_borrow(Vec::len), before.0.saturating_sub(1));
                place.as_mut().begin(Wait::during(Duration::from_secs(1)));
                held.push(place);
            } else {
                give_back(held.swap_remove(random.usize(..held.len())));
                assert_eq!(IDLE.with_borrow(Vec::len), (before.0 + 1).min(MOST));
            }
            if step % 64 == 0 {
                let idle = IDLE.with_borrow(|idle| idle.iter().map(address).collect::<Vec<_>>());
                let all: HashSet<_> = held.iter().map(address).chain(idle.iter().copied()).collect();
                assert_eq!(all.len(), held.len() + idle.len());
            }
        }
    }
}
