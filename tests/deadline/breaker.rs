use mainstay::{adaptive_limit, circuit_breaker, deadline, policies, throttle, timeout};

use crate::support::*;

#[circuit_breaker("deadline.breaker", failure_threshold = 1)]
#[timeout("deadline.below_breaker", "5s")]
async fn guarded() -> Answer {
    std::future::pending().await
}

#[circuit_breaker("deadline.breaker_of_all", failure_threshold = 1, failure_if = |_error| true)]
#[timeout("deadline.below_breaker_of_all", "5s")]
async fn guarded_against_all() -> Answer {
    std::future::pending().await
}

#[circuit_breaker("deadline.breaker_above", failure_threshold = 1)]
async fn above() -> Answer {
    callee().await
}

#[timeout("deadline.callee", "5s")]
async fn callee() -> Answer {
    std::future::pending().await
}

/// As a client that has been told when to stop, and stops by itself.
async fn stops_by_itself() -> Result<(), &'static str> {
    mainstay::clock::sleep(deadline::remaining().unwrap_or(secs(10))).await;
    Err("the request took too long")
}

#[circuit_breaker("deadline.own", failure_threshold = 1, map_err = |_| "refused")]
async fn own() -> Result<(), &'static str> {
    stops_by_itself().await
}

#[circuit_breaker("deadline.own_all", failure_threshold = 1, failure_if = |_| true, map_err = |_| "refused")]
async fn own_against_all() -> Result<(), &'static str> {
    stops_by_itself().await
}

#[throttle("deadline.throttle", map_err = |_| "refused", reject_if = |_| true)]
async fn throttled() -> Result<(), &'static str> {
    stops_by_itself().await
}

#[adaptive_limit("deadline.adaptive", map_err = |_| "refused", overload_if = |_| true)]
async fn adapted() -> Result<(), &'static str> {
    stops_by_itself().await
}

#[tokio::test(start_paused = true)]
async fn nor_does_a_client_that_stops_at_the_deadline_by_itself() {
    assert!(deadline::scope(secs(1), own()).await.is_err());
    assert!(deadline::scope(secs(1), own_against_all()).await.is_err());
    assert!(is_closed("deadline.own") && is_closed("deadline.own_all"));
    assert!(deadline::scope(secs(1), throttled()).await.is_err());
    assert_eq!(policies().throttle("deadline.throttle").unwrap().rejected_count(), 0);
    assert!(deadline::scope(secs(1), adapted()).await.is_err());
    assert_eq!(policies().adaptive_limit("deadline.adaptive").unwrap().overload_count(), 0);
    // One that nobody hurried is to blame.
    assert!(own().await.is_err());
    assert!(!is_closed("deadline.own"));
    assert!(throttled().await.is_err());
    assert_eq!(policies().throttle("deadline.throttle").unwrap().rejected_count(), 1);
}

fn is_closed(name: &str) -> bool {
    mainstay::policies().circuit_breaker(name).unwrap().state() == circuit_breaker::State::Closed
}

#[tokio::test(start_paused = true)]
async fn whoever_has_no_time_does_not_open_a_breaker() {
    for left in [0, 1] {
        assert!(deadline::scope(secs(left), guarded()).await.is_err());
        assert!(deadline::scope(secs(left), guarded_against_all()).await.is_err());
        assert!(deadline::scope(secs(left), above()).await.is_err());
    }
    assert!(is_closed("deadline.breaker") && is_closed("deadline.breaker_of_all"));
    assert!(is_closed("deadline.breaker_above"));
    // Its own limit does.
    assert!(guarded().await.is_err());
    assert!(!is_closed("deadline.breaker"));
}
