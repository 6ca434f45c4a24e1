//! Each attribute alone, when the call succeeds.

use std::time::Duration;

use mainstay::{
    adaptive_limit, bulkhead, cache_evict, cached, circuit_breaker, fallback, hedge, metered, rate_limit,
    retry, throttle, time_it, timeout,
};

use crate::support::*;

macro_rules! alone {
    ($x:ident: $($(#[$attribute:meta])* $name:ident, $sync:ident;)*) => {
        $(
            $(#[$attribute])*
            async fn $name($x: u32) -> Answer {
                Ok($x)
            }
            $(#[$attribute])*
            fn $sync($x: u32) -> Answer {
                Ok($x)
            }
        )*

        #[test]
        fn an_async_call_that_succeeds_allocates_nothing() {
            $( assert_eq!(allocations_async(|| $name(7)), (0, Ok(7)), stringify!($name)); )*
        }

        #[test]
        fn a_sync_call_that_succeeds_allocates_nothing() {
            $( assert_eq!(allocations(|| $sync(7)), (0, Ok(7)), stringify!($sync)); )*
        }
    };
}

alone! { x:
    #[retry] retried, retried_sync;
    #[retry(max_elapsed = "9s", retry_if = |error| *error == Failure::Reset, before_retry = |_| ())]
    retried_with_options, retried_with_options_sync;
    #[retry(max_attempts = x)] retried_by_argument, retried_by_argument_sync;
    #[retry(budget = "allocations")] budgeted, budgeted_sync;
    #[circuit_breaker] breaker, breaker_sync;
    #[circuit_breaker(failure_rate = 0.5, window = 100, slow_call = "1s")]
    count_window, count_window_sync;
    #[circuit_breaker(failure_rate = 0.5, window = "30s", minimum_calls = 10)]
    time_window, time_window_sync;
    #[circuit_breaker(key = x)] keyed_breaker, keyed_breaker_sync;
    #[rate_limit("1000/s")] limited, limited_sync;
    #[rate_limit("1000/s", max_wait = "1s", tokens = x)] limited_with_wait, limited_with_wait_sync;
    #[rate_limit("1000/s", algorithm = sliding_window)] sliding, sliding_sync;
    #[rate_limit("1000/s", algorithm = fixed_window)] fixed, fixed_sync;
    #[rate_limit("1000/s", key = x)] keyed_limiter, keyed_limiter_sync;
    #[cached(ttl = "1h")] kept, kept_sync;
    #[cached(ttl = "1h", stale_for = "1m", stale_if_error = "1h", key = ("a text", x))]
    kept_with_options, kept_with_options_sync;
    #[cache_evict("allocations", key = x)] evicting, evicting_sync;
    #[bulkhead(10)] admitted, admitted_sync;
    #[bulkhead(10, max_wait = "1s")] admitted_with_wait, admitted_with_wait_sync;
    #[adaptive_limit] followed, followed_sync;
    #[adaptive_limit(algorithm = aimd, latency_threshold = "1s", priority = sheddable, overload_on(Failure::Reset))]
    followed_with_options, followed_with_options_sync;
    #[throttle] throttled, throttled_sync;
    #[throttle(k = 1.5, window = "10s", reject_if = |error| *error == Failure::Reset)]
    throttled_with_options, throttled_with_options_sync;
    #[fallback(|_| Ok(1))] answered, answered_sync;
    #[metered] metered_alone, metered_alone_sync;
    #[metered(labels(even = x > 3, kind = "x"), slo(ok = 99.9))] labelled, labelled_sync;
    #[time_it("allocations.timed")] timed_alone, timed_alone_sync;
}

#[timeout("1s")]
async fn timed(x: u32) -> Answer {
    Ok(x)
}

#[timeout(Duration::from_secs(x.into()))]
async fn timed_by_argument(x: u32) -> Answer {
    Ok(x)
}

#[test]
fn a_call_under_a_limit_that_is_ready_at_once_allocates_nothing() {
    assert_eq!(allocations_async(|| timed(7)), (0, Ok(7)));
    assert_eq!(allocations_async(|| timed_by_argument(7)), (0, Ok(7)));
}

#[fallback(|_| Ok(1))]
fn fails() -> Answer {
    Err(Failure::Reset)
}

#[test]
fn a_fallback_that_answers_allocates_nothing() {
    assert_eq!(allocations(fails), (0, Ok(1)));
}

#[hedge(after = "10s", safe)]
async fn hedged(x: u32) -> Answer {
    Ok(x)
}

#[test]
fn a_call_that_needs_no_hedge_allocates_nothing() {
    assert_eq!(allocations_async(|| hedged(7)), (0, Ok(7)));
}
