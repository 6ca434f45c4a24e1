use std::time::Duration;

use super::*;
use crate::Kind;

/// BH-07.
#[tokio::test]
async fn without_options_a_full_bulkhead_refuses_at_once() {
    let bulkhead = bulkhead(BulkheadConfig::new(1));
    let _inside = bulkhead.enter_async().await.unwrap();
    assert_eq!(bulkhead.enter_async().await.unwrap_err().kind(), Kind::BulkheadFull);
}

#[test]
fn asking_for_a_place_now_refuses_nobody_and_overtakes_nobody() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(1));
    let inside = bulkhead.enter_now();
    assert!(inside.is_some());
    let mut waiting = queued(&bulkhead);
    drop(inside);
    assert!(bulkhead.enter_now().is_none());
    assert_eq!(bulkhead.rejected_count(), 0);
    drop(entered(&mut waiting));
    assert!(bulkhead.enter_now().is_some());
}

/// BH-08.
#[test]
fn a_full_queue_refuses_at_once() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(1));
    let inside = bulkhead.try_enter().unwrap();
    let mut waiting = queued(&bulkhead);
    assert!(matches!(poll(&mut Box::pin(bulkhead.enter_async())), Poll::Ready(Err(_))));
    assert!(bulkhead.enter().is_err(), "the queue of sync callers is the same one");
    assert_eq!(bulkhead.rejected_count(), 2);
    drop(inside);
    let _inside = entered(&mut waiting);
}

#[test]
fn a_place_handed_over_leaves_room_in_the_queue_before_its_holder_notices() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(1));
    let inside = bulkhead.try_enter().unwrap();
    let mut first = queued(&bulkhead);
    drop(inside);
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (1, 0));
    let _second = queued(&bulkhead);
    let _first = entered(&mut first);
}

#[tokio::test(start_paused = true)]
async fn with_max_wait_alone_as_many_wait_as_there_are_places() {
    let bulkhead = bulkhead(BulkheadConfig::new(2).max_wait(Duration::from_secs(1)));
    let _inside = (bulkhead.try_enter().unwrap(), bulkhead.try_enter().unwrap());
    let _waiting = (queued(&bulkhead), queued(&bulkhead));
    assert!(bulkhead.enter_async().await.is_err());
}

/// BH-12.
#[test]
fn two_run_two_wait_and_the_fifth_is_refused() {
    let bulkhead = bulkhead(BulkheadConfig::new(2).max_queue(2));
    let inside = (bulkhead.try_enter().unwrap(), bulkhead.try_enter().unwrap());
    let (mut third, mut fourth) = (queued(&bulkhead), queued(&bulkhead));
    assert!(matches!(poll(&mut Box::pin(bulkhead.enter_async())), Poll::Ready(Err(_))));
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (2, 2));
    drop(inside);
    drop((entered(&mut third), entered(&mut fourth)));
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (0, 0));
    assert_eq!((bulkhead.admitted_count(), bulkhead.rejected_count()), (4, 1));
}

#[test]
fn places_go_to_waiters_in_the_order_in_which_they_came() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(10));
    let mut inside = bulkhead.try_enter().unwrap();
    let mut waiting: Vec<_> = (0..10).map(|_| queued(&bulkhead)).collect();
    while !waiting.is_empty() {
        drop(inside);
        waiting[1..].iter_mut().for_each(|later| assert!(poll(later).is_pending()));
        inside = entered(&mut waiting.remove(0));
    }
}

#[test]
fn nobody_overtakes_those_who_wait() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(5));
    let inside = bulkhead.try_enter().unwrap();
    let mut waiting = queued(&bulkhead);
    drop(inside);
    assert!(bulkhead.try_enter().is_err());
    let late = queued(&bulkhead);
    let _inside = entered(&mut waiting);
    drop(late);
}

/// BR-04: what a retry above a bulkhead does is to come again.
#[test]
fn one_who_comes_again_queues_behind_the_others() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(5));
    let a = bulkhead.try_enter().unwrap();
    let (mut b, mut c) = (queued(&bulkhead), queued(&bulkhead));
    drop(a);
    let mut a = queued(&bulkhead);
    let b = entered(&mut b);
    drop(b);
    assert!(poll(&mut a).is_pending());
    drop(entered(&mut c));
    drop(entered(&mut a));
}
