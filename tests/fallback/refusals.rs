//! A fallback answers for refusals and time-outs as for any error.

use std::future::pending;

use mainstay::{Kind, bulkhead, circuit_breaker, fallback, policies, rate_limit, timeout};

use crate::support::*;

fn kind(error: Failure) -> Answer<&'static str> {
    match error {
        Failure::Policy(refusal) => Ok(refusal.kind().as_str()),
        other => Err(other),
    }
}

#[fallback(kind)]
#[circuit_breaker("refusals.breaker")]
async fn behind_a_breaker() -> Answer<&'static str> {
    Ok("ran")
}

#[fallback(kind)]
#[rate_limit("refusals.rate", "1/h")]
fn behind_a_rate_limit() -> Answer<&'static str> {
    Ok("ran")
}

#[fallback(kind)]
#[rate_limit("1/h", tokens = tokens)]
fn asks_for_too_much(tokens: u32) -> Answer<&'static str> {
    Ok("ran")
}

#[fallback(kind)]
#[bulkhead("refusals.bulkhead", 1)]
fn behind_a_bulkhead(deep: bool) -> Answer<&'static str> {
    if deep { behind_a_bulkhead(false) } else { Ok("ran") }
}

#[fallback(kind)]
#[timeout("1s")]
async fn hangs() -> Answer<&'static str> {
    pending().await
}

#[fallback(|_| Ok("instead"), on(Failure::Policy(refusal) if refusal.kind() == Kind::CircuitOpen))]
#[circuit_breaker("refusals.listed")]
async fn only_refusals(fails: bool) -> Answer<&'static str> {
    if fails { Err(Failure::Reset) } else { Ok("ran") }
}

#[bulkhead("refusals.above", 1)]
#[fallback(|_| Ok("instead"))]
fn below_a_bulkhead(depth: u32) -> Answer<&'static str> {
    match depth {
        0 => Err(Failure::Reset),
        depth => below_a_bulkhead(depth - 1),
    }
}

#[tokio::test]
async fn it_sees_each_kind_of_refusal() {
    assert_eq!(behind_a_breaker().await, Ok("ran"));
    policies().circuit_breaker("refusals.breaker").unwrap().force_open();
    assert_eq!(behind_a_breaker().await, Ok("circuit_open"));
    assert_eq!(behind_a_rate_limit(), Ok("ran"));
    assert_eq!(behind_a_rate_limit(), Ok("rate_limited"));
    assert_eq!(asks_for_too_much(5), Ok("exceeds_burst"));
    assert_eq!(behind_a_bulkhead(false), Ok("ran"));
    assert_eq!(behind_a_bulkhead(true), Ok("bulkhead_full"));
}

#[tokio::test(start_paused = true)]
async fn it_sees_a_time_out() {
    // FB-04, TO-11.
    let start = tokio::time::Instant::now();
    assert_eq!(hangs().await, Ok("timed_out"));
    assert_eq!(start.elapsed(), secs(1));
}

#[tokio::test]
async fn it_may_answer_for_refusals_only() {
    assert_eq!(only_refusals(true).await, Err(Failure::Reset));
    policies().circuit_breaker("refusals.listed").unwrap().force_open();
    assert_eq!(only_refusals(false).await, Ok("instead"));
}

#[test]
fn below_a_limit_of_callers_it_leaves_refusals_to_them() {
    assert_eq!(below_a_bulkhead(0), Ok("instead"));
    // The inner call is refused; that is an error of the outer one's body.
    assert_eq!(below_a_bulkhead(1), Ok("instead"));
    let bulkhead = policies().bulkhead("refusals.above").unwrap();
    let _place = bulkhead.try_enter().unwrap();
    assert!(matches!(below_a_bulkhead(0), Err(Failure::Policy(_))));
}
