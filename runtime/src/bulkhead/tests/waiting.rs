use std::time::Duration;

use super::*;
use crate::{
    Kind,
    bulkhead::Entry,
    clock::{self, now},
};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_wait_ends_in_a_refusal_after_max_wait() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_wait(SECOND));
    let _inside = bulkhead.try_enter().unwrap();
    let start = now();
    assert_eq!(bulkhead.enter_async().await.unwrap_err().kind(), Kind::BulkheadFull);
    assert_eq!(now().saturating_since(start), SECOND);
    assert_eq!((bulkhead.waiting(), bulkhead.rejected_count()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_place_that_comes_in_time_is_taken() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_wait(SECOND));
    let inside = bulkhead.try_enter().unwrap();
    let release = async {
        clock::sleep(SECOND / 2).await;
        drop(inside);
    };
    let (permit, ()) = tokio::join!(bulkhead.enter_async(), release);
    assert!(permit.is_ok());
}

#[tokio::test(start_paused = true)]
async fn max_queue_alone_waits_without_end() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(1));
    let inside = bulkhead.try_enter().unwrap();
    let release = async {
        clock::sleep(SECOND * 1_000_000).await;
        drop(inside);
    };
    let (permit, ()) = tokio::join!(bulkhead.enter_async(), release);
    assert!(permit.is_ok());
}

#[tokio::test(start_paused = true)]
async fn both_options_hold_together() {
    let bulkhead = bulkhead(BulkheadConfig::new(5).max_wait(SECOND).max_queue(1));
    let _inside: Vec<_> = (0..5).map(|_| bulkhead.try_enter().unwrap()).collect();
    let mut waiting = queued(&bulkhead);
    let start = now();
    assert!(bulkhead.enter_async().await.is_err());
    assert_eq!(now(), start, "the queue is full");
    assert!(waiting.as_mut().await.is_err());
    assert_eq!(now().saturating_since(start), SECOND);
}

#[tokio::test(start_paused = true)]
async fn the_callers_deadline_is_told_apart_from_our_own() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_wait(SECOND));
    let _inside = bulkhead.try_enter().unwrap();
    let start = now();
    let entry = bulkhead.enter_until_async(Some(start + SECOND / 2)).await;
    assert!(matches!(entry, Entry::Elapsed));
    assert_eq!(now().saturating_since(start), SECOND / 2);
    assert_eq!(bulkhead.rejected_count(), 0);

    let entry = bulkhead.enter_until_async(Some(now() + SECOND * 2)).await;
    assert!(matches!(entry, Entry::Refused(error) if error.kind() == Kind::BulkheadFull));
    assert_eq!(now().saturating_since(start), SECOND / 2 + SECOND);

    let entry = bulkhead.enter_until_async(Some(now() + SECOND)).await;
    assert!(matches!(entry, Entry::Elapsed), "of two ends at once the caller's counts");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_wait_that_has_no_end_of_its_own() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(1));
    let _inside = bulkhead.try_enter().unwrap();
    assert!(matches!(bulkhead.enter_until_async(Some(now() + SECOND)).await, Entry::Elapsed));
    assert_eq!(bulkhead.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_does_not_make_a_queue() {
    let bulkhead = bulkhead(BulkheadConfig::new(1));
    let _inside = bulkhead.try_enter().unwrap();
    assert!(matches!(bulkhead.enter_until_async(Some(now() + SECOND)).await, Entry::Refused(_)));
    assert!(matches!(bulkhead.enter_until(Some(now() + SECOND)), Entry::Refused(_)));
}

#[tokio::test(start_paused = true)]
async fn a_place_that_comes_after_the_deadline_is_passed_on() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(2));
    let inside = bulkhead.try_enter().unwrap();
    let mut late = Box::pin(bulkhead.enter_until_async(Some(now() + SECOND)));
    assert!(poll(&mut late).is_pending());
    let mut next = queued(&bulkhead);
    tokio::time::advance(SECOND * 2).await;
    drop(inside);
    assert!(matches!(poll(&mut late), Poll::Ready(Entry::Elapsed)));
    let _inside = entered(&mut next);
}

#[tokio::test(start_paused = true)]
async fn a_free_place_is_taken_whatever_the_deadline() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(2));
    tokio::time::advance(SECOND).await;
    assert!(matches!(bulkhead.enter_until_async(Some(clock::Instant::ZERO)).await, Entry::Entered(_)));
}
