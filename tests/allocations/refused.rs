//! Calls that are refused.

use mainstay::{
    adaptive_limit, adaptive_limit::Priority, bulkhead, circuit_breaker, policies, rate_limit, throttle,
};

use crate::support::*;

#[circuit_breaker("refused.open")]
async fn open() -> Answer {
    Ok(1)
}

#[rate_limit("refused.rate", "1/h")]
fn limited() -> Answer {
    Ok(1)
}

#[bulkhead("refused.full", 1)]
async fn full() -> Answer {
    Ok(1)
}

#[adaptive_limit("refused.adaptive", initial = 1)]
async fn adaptive() -> Answer {
    Ok(1)
}

#[throttle("refused.throttled")]
fn throttled() -> Answer {
    Ok(1)
}

fn is_refused(answer: &Answer) -> bool {
    matches!(answer, Err(Failure::Policy(_)))
}

#[test]
fn a_refusal_by_a_policy_of_an_attribute_allocates_nothing() {
    policies().circuit_breaker("refused.open").unwrap().force_open();
    let (count, answer) = allocations_async(open);
    assert!(is_refused(&answer));
    assert_eq!(count, 0, "breaker");

    let (count, answer) = allocations(limited);
    assert!(is_refused(&answer));
    assert_eq!(count, 0, "rate limit");

    let _place = policies().bulkhead("refused.full").unwrap().try_enter().unwrap();
    let (count, answer) = allocations_async(full);
    assert!(is_refused(&answer));
    assert_eq!(count, 0, "bulkhead");

    let _place =
        policies().adaptive_limit("refused.adaptive").unwrap().try_enter(Priority::Critical).unwrap();
    let (count, answer) = allocations_async(adaptive);
    assert!(is_refused(&answer));
    assert_eq!(count, 0, "adaptive limit");

    let throttle = policies().throttle("refused.throttled").unwrap();
    (0..2000).filter_map(|_| throttle.admit().ok()).for_each(mainstay::throttle::Permit::rejected);
    // Nine in ten are refused.
    let (count, answer) =
        (0..).map(|_| allocations(throttled)).find(|(_, answer)| is_refused(answer)).unwrap();
    assert!(is_refused(&answer));
    assert_eq!(count, 0, "throttle");
}
