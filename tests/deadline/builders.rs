//! What the policies learn whose calls are made by hand.

use mainstay::{
    Error, Kind,
    adaptive_limit::{self, AdaptiveLimit, Priority},
    bulkhead::Bulkhead,
    circuit_breaker::{CircuitBreaker, State, Verdict},
    clock, deadline,
    rate_limit::{Rate, RateLimiter},
    throttle::{self, Throttle},
};

use crate::support::*;

/// As a client that has been told when to stop, and stops by itself.
async fn stops_by_itself() -> Answer {
    clock::sleep(deadline::remaining().unwrap_or(secs(10))).await;
    Err(Error::timed_out("client", secs(10)))
}

fn breaker() -> CircuitBreaker {
    CircuitBreaker::builder().failure_threshold(1).build("deadline.by_hand").unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_breaker_does_not_count_what_the_callers_deadline_has_ended() {
    let breaker = breaker();
    let by_class = |answer: &Answer| Verdict::of_classified(answer);
    deadline::scope(secs(1), breaker.call_async(stops_by_itself)).await.unwrap_err();
    deadline::scope(secs(1), breaker.call_async_with(stops_by_itself, by_class)).await.unwrap_err();
    assert_eq!((breaker.state(), breaker.ignored_count()), (State::Closed, 2));
    // Nor does it ask.
    let never = |_: &Answer| panic!("the error is nobody's fault");
    deadline::scope(secs(1), breaker.call_async_with(stops_by_itself, never)).await.unwrap_err();
    assert_eq!(breaker.ignored_count(), 3);
    breaker.call_async(stops_by_itself).await.unwrap_err();
    assert_eq!((breaker.state(), breaker.failure_count()), (State::Open, 1));
}

#[tokio::test(start_paused = true)]
async fn an_error_in_time_counts_within_a_deadline_as_well() {
    let breaker = breaker();
    let fails = || async { Err::<(), _>(Error::timed_out("client", secs(10))) };
    deadline::scope(secs(1), breaker.call_async(fails)).await.unwrap_err();
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn nor_a_value_that_says_that_there_was_no_time() {
    let breaker = breaker();
    // As a server that heeds `grpc-timeout`.
    let gives_up = || async {
        clock::sleep(deadline::remaining().unwrap_or(secs(10))).await;
        Ok::<_, Error>(504)
    };
    let by_status = |answer: &Answer<u16>| match answer {
        Ok(status) if *status < 500 => Verdict::Success,
        _ => Verdict::Failure,
    };
    assert_eq!(deadline::scope(secs(1), breaker.call_async_with(gives_up, by_status)).await, Ok(504));
    assert_eq!((breaker.state(), breaker.ignored_count()), (State::Closed, 1));
    let late = || async {
        clock::sleep(secs(2)).await;
        Ok::<_, Error>(200)
    };
    assert_eq!(deadline::scope(secs(1), breaker.call_async_with(late, by_status)).await, Ok(200));
    assert_eq!(breaker.success_count(), 1);
    assert_eq!(breaker.call_async_with(gives_up, by_status).await, Ok(504));
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn a_sync_call_is_judged_alike() {
    let breaker = breaker();
    let fails = || Err::<(), _>(Error::timed_out("client", secs(10)));
    deadline::sync_scope(secs(0), || breaker.call(fails)).unwrap_err();
    assert_eq!((breaker.state(), breaker.ignored_count()), (State::Closed, 1));
    breaker.call(fails).unwrap_err();
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn nor_do_a_throttle_and_an_adaptive_limit() {
    let throttle = Throttle::builder().build("deadline.by_hand").unwrap();
    let limit = AdaptiveLimit::builder().build("deadline.by_hand").unwrap();
    let overload = |_: &Answer| adaptive_limit::Outcome::Overload;
    let rejected = |_: &Answer| throttle::Outcome::Rejected;
    for hurried in [true, false] {
        let calls = async {
            throttle.call_async(stops_by_itself).await.unwrap_err();
            throttle.call_async_with(stops_by_itself, rejected).await.unwrap_err();
            limit.call_async_with(Priority::Normal, stops_by_itself, overload).await.unwrap_err();
        };
        match hurried {
            true => deadline::scope(secs(1), calls).await,
            false => calls.await,
        }
        let expected = if hurried { (0, 0) } else { (2, 1) };
        assert_eq!((throttle.rejected_count(), limit.overload_count()), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn waits_for_tokens_that_would_be_in_vain_are_not_begun() {
    let limiter =
        RateLimiter::builder(Rate::per_second(1)).max_wait(secs(60)).build("deadline.by_hand").unwrap();
    let call = || limiter.call_async(async { Ok::<_, Error>(()) });
    for _ in 0..limiter.config().burst_tokens() {
        limiter.try_acquire(1.0).unwrap();
    }
    let (answer, took) = timed(deadline::scope(ms(300), call())).await;
    assert_eq!((told(answer).unwrap().0, took), (Kind::RateLimited, secs(0)));
    let (answer, took) = timed(deadline::scope(ms(300), limiter.acquire_async(1.0))).await;
    assert_eq!((told(answer).unwrap().0, took), (Kind::RateLimited, secs(0)));
    assert_eq!(timed(deadline::scope(secs(3), call())).await, (Ok(()), secs(1)));
    assert_eq!(limiter.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_place_ends_with_the_deadline() {
    let bulkhead = Bulkhead::builder(1).max_wait(secs(60)).build("deadline.by_hand").unwrap();
    let _inside = bulkhead.try_enter().unwrap();
    let (answer, took) =
        timed(deadline::scope(secs(3), bulkhead.call_async(|| async { Ok::<_, Error>(()) }))).await;
    assert_eq!((told(answer), took), (exceeded("deadline.by_hand"), secs(3)));
    assert_eq!(bulkhead.waiting(), 0);
}
