//! Calls that are refused.

use mainstay::{bulkhead, circuit_breaker, policies, rate_limit};

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
}
