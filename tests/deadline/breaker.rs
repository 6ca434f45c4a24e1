use mainstay::{circuit_breaker, deadline, timeout};

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
