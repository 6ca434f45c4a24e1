use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;
use crate::Kind;

/// BH-01.
#[test]
fn as_many_as_the_limit_enter_and_one_more_after_each_that_leaves() {
    let bulkhead = bulkhead(BulkheadConfig::new(3));
    let mut inside: Vec<_> = (0..3).map(|_| bulkhead.try_enter().unwrap()).collect();
    assert_eq!(bulkhead.enter().unwrap_err().kind(), Kind::BulkheadFull);
    inside.pop();
    inside.push(bulkhead.enter().unwrap());
    assert!(bulkhead.enter().is_err());
    assert_eq!((bulkhead.in_flight(), bulkhead.available()), (3, 0));
    assert_eq!((bulkhead.admitted_count(), bulkhead.rejected_count()), (4, 2));
    drop(inside);
    assert_eq!((bulkhead.in_flight(), bulkhead.available()), (0, 3));
}

/// BH-04.
#[tokio::test]
async fn an_async_call_holds_its_place_until_its_future_is_done() {
    let bulkhead = bulkhead(BulkheadConfig::new(1));
    let (done, wait) = tokio::sync::oneshot::channel();
    let mut call = Box::pin(bulkhead.call_async(|| async { wait.await.map_err(|_| refusal()) }));
    assert!(poll(&mut call).is_pending());
    assert_eq!(bulkhead.in_flight(), 1);
    assert_eq!(bulkhead.call_async(|| async { Ok::<_, Error>(2) }).await, Err(refusal()));
    done.send(1).unwrap();
    assert_eq!(poll(&mut call), Poll::Ready(Ok(1)));
    assert_eq!(bulkhead.in_flight(), 0);
}

fn refusal() -> Error {
    Error::bulkhead_full("test", 1)
}

#[test]
fn a_dropped_call_gives_its_place_back() {
    let bulkhead = bulkhead(BulkheadConfig::new(1));
    let mut call = Box::pin(bulkhead.call_async(std::future::pending::<Result<(), Error>>));
    assert!(poll(&mut call).is_pending());
    assert_eq!(bulkhead.in_flight(), 1);
    drop(call);
    assert_eq!(bulkhead.in_flight(), 0);
}

#[test]
fn an_error_or_a_panic_gives_the_place_back() {
    let bulkhead = bulkhead(BulkheadConfig::new(1));
    assert_eq!(
        bulkhead.call(|| Err::<(), _>(Error::circuit_open("inner", None))).unwrap_err().policy(),
        "inner"
    );
    assert_eq!(bulkhead.in_flight(), 0);
    let panicked = catch_unwind(AssertUnwindSafe(|| bulkhead.call::<(), Error>(|| panic!("boom"))));
    assert!(panicked.is_err());
    assert_eq!(bulkhead.in_flight(), 0);
    let mut call = Box::pin(bulkhead.call_async::<(), Error, _, _>(|| async { panic!("boom") }));
    assert!(catch_unwind(AssertUnwindSafe(|| poll(&mut call))).is_err());
    drop(call);
    assert_eq!(bulkhead.in_flight(), 0);
}

#[test]
fn a_refused_call_never_runs() {
    let bulkhead = bulkhead(BulkheadConfig::new(1));
    let _inside = bulkhead.try_enter().unwrap();
    assert_eq!(bulkhead.call::<(), Error>(|| panic!("ran")), Err(refusal()));
}

#[test]
fn a_zero_limit_at_run_time_changes_nothing() {
    let bulkhead = bulkhead(BulkheadConfig::new(2));
    assert_eq!(bulkhead.set_limit(0).unwrap_err().option(), "limit");
    assert_eq!(bulkhead.limit(), 2);
}

#[test]
fn a_lowered_limit_takes_effect_as_calls_finish() {
    let bulkhead = bulkhead(BulkheadConfig::new(3).max_queue(2));
    let mut inside: Vec<_> = (0..3).map(|_| bulkhead.try_enter().unwrap()).collect();
    let mut first = queued(&bulkhead);
    bulkhead.set_limit(1).unwrap();
    assert_eq!((bulkhead.in_flight(), bulkhead.available()), (3, 0));
    inside.pop();
    inside.pop();
    assert!(poll(&mut first).is_pending(), "one is still inside");
    assert!(bulkhead.try_enter().is_err());
    inside.pop();
    let permit = entered(&mut first);
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (1, 0));
    drop(permit);
    assert_eq!(bulkhead.available(), 1);
}

#[test]
fn a_raised_limit_lets_the_longest_waiters_in_at_once() {
    let bulkhead = bulkhead(BulkheadConfig::new(1).max_queue(3));
    let _inside = bulkhead.try_enter().unwrap();
    let (mut first, mut second, mut third) = (queued(&bulkhead), queued(&bulkhead), queued(&bulkhead));
    bulkhead.set_limit(3).unwrap();
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (3, 1));
    assert!(poll(&mut third).is_pending());
    let _second = entered(&mut second);
    drop(entered(&mut first));
    let _third = entered(&mut third);
    assert_eq!((bulkhead.in_flight(), bulkhead.waiting()), (3, 0));
}
