//! The order in which attributes are written is the order in which they run.

use mainstay::{Kind, bulkhead, circuit_breaker, fallback, policies, rate_limit, retry, timeout};

use crate::support::*;

#[retry(max_attempts = 4, initial_delay = "1ms")]
#[circuit_breaker("order.breaker_below", failure_threshold = 100)]
async fn breaker_below(up: &Upstream) -> Answer {
    up.run_async().await
}

#[circuit_breaker("order.breaker_above", failure_threshold = 100)]
#[retry(max_attempts = 4, initial_delay = "1ms")]
async fn breaker_above(up: &Upstream) -> Answer {
    up.run_async().await
}

#[tokio::test(start_paused = true)]
async fn a_breaker_below_a_retry_sees_each_attempt_and_one_above_sees_the_call() {
    breaker_below(&down()).await.unwrap_err();
    assert_eq!(breaker("order.breaker_below").failure_count(), 4);
    breaker_above(&down()).await.unwrap_err();
    assert_eq!(breaker("order.breaker_above").failure_count(), 1);
    assert_eq!(breaker_above(&failing(3)).await, Ok(7));
    assert_eq!((breaker("order.breaker_above").success_count()), 1);
}

#[retry(max_attempts = 4, initial_delay = "1ms")]
#[rate_limit("order.rate_below", "100/h")]
fn rate_below(up: &Upstream) -> Answer {
    up.run()
}

#[rate_limit("order.rate_above", "100/h")]
#[retry(max_attempts = 4, initial_delay = "1ms")]
fn rate_above(up: &Upstream) -> Answer {
    up.run()
}

#[test]
fn a_rate_limit_below_a_retry_counts_each_attempt_and_one_above_counts_the_call() {
    let clock = mainstay_testkit::ManualClock::new();
    let _installed = clock.install();
    rate_below(&down()).unwrap_err();
    assert_eq!(limiter("order.rate_below").admitted_count(), 4);
    rate_above(&down()).unwrap_err();
    assert_eq!(limiter("order.rate_above").admitted_count(), 1);
}

#[retry(max_attempts = 4, initial_delay = "1s")]
#[bulkhead("order.bulkhead_below", 1)]
async fn bulkhead_below(up: &Upstream) -> Answer {
    up.run_async().await
}

#[bulkhead("order.bulkhead_above", 1)]
#[retry(max_attempts = 4, initial_delay = "1s", jitter = none)]
async fn bulkhead_above(up: &Upstream) -> Answer {
    up.run_async().await
}

#[tokio::test(start_paused = true)]
async fn a_bulkhead_below_a_retry_is_left_between_attempts_and_one_above_is_not() {
    for (name, between) in [("order.bulkhead_below", 0), ("order.bulkhead_above", 1)] {
        let call = tokio::spawn(async move {
            let up = failing(1);
            if between == 0 { bulkhead_below(&up).await } else { bulkhead_above(&up).await }
        });
        tokio::task::yield_now().await;
        assert_eq!(bulkhead(name).in_flight(), between, "{name}");
        assert_eq!(call.await.unwrap(), Ok(7));
        assert_eq!(bulkhead(name).in_flight(), 0);
    }
    assert_eq!(bulkhead("order.bulkhead_below").admitted_count(), 2);
    assert_eq!(bulkhead("order.bulkhead_above").admitted_count(), 1);
}

#[circuit_breaker("order.outer_breaker", failure_threshold = 1)]
#[rate_limit("order.inner_rate", "1/h")]
async fn breaker_then_rate() -> Answer {
    Err(Failure::Reset)
}

#[rate_limit("order.outer_rate", "1/h")]
#[circuit_breaker("order.inner_breaker", failure_threshold = 1)]
async fn rate_then_breaker() -> Answer {
    Err(Failure::Reset)
}

#[tokio::test]
async fn of_two_that_would_refuse_the_upper_one_does() {
    assert_eq!(breaker_then_rate().await, Err(Failure::Reset));
    assert_eq!(kind(&breaker_then_rate().await), Some(Kind::CircuitOpen));
    assert_eq!(limiter("order.inner_rate").rejected_count(), 0);
    assert_eq!(rate_then_breaker().await, Err(Failure::Reset));
    assert_eq!(kind(&rate_then_breaker().await), Some(Kind::RateLimited));
    assert_eq!(breaker("order.inner_breaker").rejected_count(), 0);
}

#[timeout("order.t_above", "5s")]
#[circuit_breaker("order.b_below", failure_threshold = 1)]
async fn limit_above_breaker() -> Answer {
    std::future::pending().await
}

#[circuit_breaker("order.b_above", failure_threshold = 1)]
#[timeout("order.t_below", "5s")]
async fn limit_below_breaker() -> Answer {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn a_breaker_sees_a_time_out_as_a_failure_above_the_limit_and_below_it() {
    assert_eq!(kind(&limit_below_breaker().await), Some(Kind::TimedOut));
    assert_eq!(breaker("order.b_above").failure_count(), 1);
    assert_eq!(kind(&limit_above_breaker().await), Some(Kind::TimedOut));
    assert_eq!((breaker("order.b_below").failure_count(), breaker("order.b_below").ignored_count()), (1, 0));
}

#[fallback(|_| { steps.push("first"); Err(Failure::Declined) })]
#[rate_limit("order.steps", "1000/s", tokens = { steps.push("tokens"); 1 })]
#[retry(max_attempts = { steps.push("attempts"); 2 }, initial_delay = "1ms", before_retry = |_| steps.push("hook"))]
#[timeout({ steps.push("limit"); secs(1) })]
#[circuit_breaker("order.steps_breaker", key = { steps.push("key"); 1 })]
async fn steps(steps: &mut Vec<&'static str>) -> Answer {
    steps.push("body");
    Err(Failure::Reset)
}

#[tokio::test(start_paused = true)]
async fn expressions_are_evaluated_where_their_attributes_stand() {
    let mut seen = Vec::new();
    assert_eq!(steps(&mut seen).await, Err(Failure::Declined));
    assert_eq!(seen, ["tokens", "attempts", "limit", "key", "body", "hook", "limit", "key", "body", "first"]);
}

#[test]
fn the_catalog_shows_the_stack_as_written() {
    let catalog = mainstay::catalog();
    let site = catalog.to_string();
    let stack = site.split("stack::order::steps").nth(1).unwrap();
    let place = |word| stack.find(word).unwrap();
    assert!(place("fallback") < place("rate_limit") && place("rate_limit") < place("retry"), "{stack}");
    assert!(place("retry") < place("timeout") && place("timeout") < place("circuit_breaker"), "{stack}");
    assert!(policies().timeout("stack::order::steps").is_some());
}
