use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use std::task::Wake;

use super::*;

/// AC-04.
#[test]
fn a_cancelled_waiter_leaves_the_queue_and_never_runs() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(2));
    let inside = bulkhead.try_enter().unwrap();
    let mut cancelled = Box::pin(bulkhead.call_async::<(), Error, _, _>(|| async { panic!("ran") }));
    assert!(poll(&mut cancelled).is_pending());
    let mut next = queued(&bulkhead);
    drop(cancelled);
    assert_eq!(bulkhead.waiting(), 1);
    drop(inside);
    drop(entered(&mut next));
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (0, 0));
}

#[test]
fn a_place_handed_to_a_waiter_who_goes_is_passed_to_the_next() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(3));
    let inside = bulkhead.try_enter().unwrap();
    let (lucky, mut next) = (queued(&bulkhead), queued(&bulkhead));
    drop(inside);
    assert!(poll(&mut next).is_pending());
    drop(lucky);
    drop(entered(&mut next));
    assert_eq!((bulkhead.in_flight(), bulkhead.available()), (0, 1));
}

#[test]
fn a_place_handed_to_the_last_waiter_who_goes_is_free() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(1));
    let inside = bulkhead.try_enter().unwrap();
    let lucky = queued(&bulkhead);
    drop(inside);
    drop(lucky);
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting(), bulkhead.admitted_count()), (0, 0, 1));
    assert!(bulkhead.try_enter().is_ok());
}

#[test]
fn a_caller_never_polled_takes_nothing() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(1));
    drop(bulkhead.enter_async());
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (0, 0));
}

struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_waiter_that_moved_to_another_task_is_woken_there() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(1));
    let inside = bulkhead.try_enter().unwrap();
    let mut waiting = Box::pin(bulkhead.enter_async());
    let (before, after) = (Arc::new(Wakes(0.into())), Arc::new(Wakes(0.into())));
    for wakes in [&before, &after] {
        let waker = Waker::from(Arc::clone(wakes));
        assert!(waiting.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    drop(inside);
    assert_eq!((before.0.load(Ordering::Relaxed), after.0.load(Ordering::Relaxed)), (0, 1));
}

struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        panic!("on purpose")
    }
}

#[test]
fn a_waker_that_panics_harms_nobody_who_drops_a_permit_and_the_place_is_handed_over() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(1));
    let inside = bulkhead.try_enter().unwrap();
    let mut waiting: Waiting<'_> = Box::pin(bulkhead.enter_async());
    let waker = Waker::from(Arc::new(Panics));
    assert!(waiting.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    drop(inside);
    drop(entered(&mut waiting));
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting(), bulkhead.admitted_count()), (0, 0, 2));
}
