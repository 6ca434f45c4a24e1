//! The word and the queue, in every order in which threads can meet. Run by `.ci/loom`.
//!
//! A waiter who is not woken is a deadlock to loom, which fails the model.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use loom::{future::block_on, sync::atomic::AtomicU32, thread};

use super::{Bulkhead, Entry, places::Places};
use crate::{clock::ManualClock, sync::Ordering};

/// Places, and what those who have one do.
struct Room {
    places: Places,
    most: u32,
    inside: AtomicU32,
    visits: AtomicU32,
}

impl Room {
    fn new(limit: u32) -> Arc<Self> {
        let room = Self { places: Places::new(limit), most: limit, inside: 0.into(), visits: 0.into() };
        // Made at the first use, loom's atomics would be made by threads that know nothing of each other.
        assert_eq!((room.places.limit(), room.places.taken()), (limit, 0));
        Arc::new(room)
    }

    /// Comes, waits if it must, and goes.
    fn visit(&self) {
        assert_eq!(block_on(self.places.take(9)), Ok(()));
        self.pass();
    }

    /// What one does who has a place: nothing if there are too many.
    fn pass(&self) {
        let others = self.inside.fetch_add(1, Ordering::Relaxed);
        assert!(others < self.most, "{others} others are inside");
        self.inside.fetch_sub(1, Ordering::Relaxed);
        self.places.release();
    }

    /// The same where there is one place: a count that two who are not kept apart would get wrong, be it because both
    /// are inside or because the second does not see what the first has written.
    fn pass_alone(&self) {
        let visits = self.visits.load(Ordering::Relaxed);
        self.visits.store(visits + 1, Ordering::Relaxed);
        self.places.release();
    }

    fn is_left(&self) {
        assert_eq!((self.places.taken(), self.places.waiting()), (0, 0));
        assert!(self.places.try_take());
    }
}

fn poll_by_hand<F: Future + Unpin>(future: &mut F) -> bool {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

#[test]
fn those_who_share_one_place_see_what_the_one_before_has_done() {
    loom::model(|| {
        let room = Room::new(1);
        let visit = |room: &Room| {
            assert_eq!(block_on(room.places.take(9)), Ok(()));
            room.pass_alone();
        };
        let others = [0, 1].map(|_| {
            let room = Arc::clone(&room);
            thread::spawn(move || visit(&room))
        });
        if room.places.try_take() {
            room.pass_alone();
        } else {
            visit(&room);
        }
        others.into_iter().for_each(|other| other.join().unwrap());
        assert_eq!(room.visits.load(Ordering::Relaxed), 3);
        room.is_left();
    });
}

#[test]
fn no_more_than_the_limit_are_inside() {
    loom::model(|| {
        let room = Room::new(2);
        let others = [0, 1].map(|_| {
            let room = Arc::clone(&room);
            thread::spawn(move || room.visit())
        });
        room.visit();
        others.into_iter().for_each(|other| other.join().unwrap());
        room.is_left();
    });
}

#[test]
fn one_who_goes_passes_on_the_place_that_comes_at_that_moment() {
    loom::model(|| {
        let room = Room::new(1);
        assert!(room.places.try_take());
        let goes = thread::spawn({
            let room = Arc::clone(&room);
            move || {
                let mut take = room.places.take(9);
                if poll_by_hand(&mut take) {
                    room.places.release();
                }
                drop(take);
            }
        });
        let stays = thread::spawn({
            let room = Arc::clone(&room);
            move || room.visit()
        });
        room.places.release();
        goes.join().unwrap();
        stays.join().unwrap();
        room.is_left();
    });
}

#[test]
fn places_go_in_the_order_of_arrival_and_a_newcomer_overtakes_nobody() {
    loom::model(|| {
        let room = Room::new(1);
        let order = Arc::new(Mutex::new(Vec::new()));
        assert!(room.places.try_take());
        let waits = |name: &'static str| {
            let (room, order) = (Arc::clone(&room), Arc::clone(&order));
            let mut visit = Box::pin(async move {
                assert_eq!(room.places.take(9).await, Ok(()));
                order.lock().unwrap().push(name);
                room.pass();
            });
            // It comes here, in its turn, and waits on a thread of its own.
            assert!(!poll_by_hand(&mut visit));
            thread::spawn(move || block_on(visit))
        };
        let waiting = ["first", "second"].map(waits);
        room.places.release();
        if room.places.try_take() {
            assert_eq!(order.lock().unwrap().len(), 2, "a newcomer went first");
            room.places.release();
        }
        waiting.into_iter().for_each(|waiter| waiter.join().unwrap());
        assert_eq!(*order.lock().unwrap(), ["first", "second"]);
        room.is_left();
    });
}

#[test]
fn a_raised_limit_lets_all_in_who_came_before_or_meanwhile() {
    loom::model(|| {
        let room = Room::new(1);
        assert!(room.places.try_take());
        let others = [0, 1].map(|_| {
            let room = Arc::clone(&room);
            thread::spawn(move || {
                assert_eq!(block_on(room.places.take(9)), Ok(()));
            })
        });
        room.places.set_limit(3);
        others.into_iter().for_each(|other| other.join().unwrap());
        assert_eq!((room.places.taken(), room.places.waiting()), (3, 0));
        assert!(!room.places.try_take());
    });
}

#[test]
fn a_limit_that_moves_down_and_up_strands_nobody() {
    loom::model(|| {
        let room = Room::new(2);
        let others = [0, 1].map(|_| {
            let room = Arc::clone(&room);
            thread::spawn(move || room.visit())
        });
        room.places.set_limit(1);
        room.places.set_limit(2);
        others.into_iter().for_each(|other| other.join().unwrap());
        room.is_left();
    });
}

#[test]
fn a_lowered_limit_holds_for_all_who_come_after() {
    loom::model(|| {
        let room = Room::new(2);
        let before = thread::spawn({
            let room = Arc::clone(&room);
            move || room.visit()
        });
        room.places.set_limit(1);
        let after = thread::spawn({
            let room = Arc::clone(&room);
            move || {
                assert_eq!(block_on(room.places.take(9)), Ok(()));
                assert!(!room.places.try_take(), "two are inside where one may be");
                room.places.release();
            }
        });
        before.join().unwrap();
        after.join().unwrap();
        room.is_left();
    });
}

#[test]
fn a_lowered_limit_lets_nobody_in_before_enough_have_left() {
    loom::model(|| {
        let room = Room::new(2);
        assert!(room.places.try_take() && room.places.try_take());
        let waits = thread::spawn({
            let room = Arc::clone(&room);
            move || {
                assert_eq!(block_on(room.places.take(9)), Ok(()));
                assert_eq!(room.visits.load(Ordering::Relaxed), 2, "somebody is still inside");
                room.places.release();
            }
        });
        room.places.set_limit(1);
        for left in [1, 2] {
            room.visits.store(left, Ordering::Relaxed);
            room.places.release();
        }
        waits.join().unwrap();
        room.is_left();
    });
}

/// Lets the policies' own clock hold a waker without being interrupted by the model: clones of this one are no step of
/// the threads.
struct Relay(Waker);

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        self.0.wake_by_ref();
    }
}

async fn relayed<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut relay = None;
    poll_fn(|cx| {
        let relay = relay.get_or_insert_with(|| Waker::from(Arc::new(Relay(cx.waker().clone()))));
        future.as_mut().poll(&mut Context::from_waker(relay))
    })
    .await
}

#[test]
fn a_place_that_comes_as_the_wait_ends_is_used_or_passed_on() {
    loom::model(|| {
        let clock = ManualClock::new();
        let _installed = clock.install();
        let deadline = clock.now() + Duration::from_secs(1);
        let bulkhead = Arc::new(Bulkhead::builder(1).max_queue(2).build("x").unwrap());
        // Made before others see it.
        assert_eq!(bulkhead.may_queue(), Some(2));
        let inside = bulkhead.try_enter().unwrap();
        let waits = thread::spawn({
            let bulkhead = Arc::clone(&bulkhead);
            move || match block_on(relayed(bulkhead.enter_until_async(Some(deadline)))) {
                Entry::Entered(permit) => drop(permit),
                Entry::Elapsed => {}
                Entry::Refused(error) => panic!("{error}"),
            }
        });
        let mut next = Box::pin(bulkhead.enter_until_async(None));
        assert!(!poll_by_hand(&mut next));
        let time = thread::spawn(move || clock.advance(Duration::from_secs(1)));
        drop(inside);
        waits.join().unwrap();
        time.join().unwrap();
        match next.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Entry::Entered(permit)) => drop(permit),
            lost => panic!("the place is lost: {lost:?}"),
        }
        assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (0, 0));
    });
}
