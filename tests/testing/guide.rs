//! The two tests that the guide of one of the five libraries spells out, in words of ours.

use std::time::Duration;

use mainstay::{Error, Kind, chaos, circuit_breaker, retry, testing};

#[tokio::test]
async fn a_breaker_opens_after_three_failures_and_then_refuses() {
    #[circuit_breaker("guide.breaker", failure_threshold = 3)]
    #[chaos("guide.breaker")]
    async fn failing() -> Result<(), Error> {
        Ok(())
    }
    let scope = testing::scope_of(["guide.breaker"]);
    scope.chaos("guide.breaker").fail_for_good();
    for _ in 0..3 {
        assert_eq!(failing().await.unwrap_err().kind(), Kind::Injected);
    }
    assert_eq!(failing().await.unwrap_err().kind(), Kind::CircuitOpen);
    scope.assert("guide.breaker").attempts(3).opened_once().refused(1);
}

#[tokio::test(start_paused = true)]
async fn a_retry_makes_three_attempts_with_a_second_and_two_between_them() {
    #[retry("guide.retry", max_attempts = 3, initial_delay = "1s", exponential_base = 2.0, jitter = none)]
    #[chaos("guide.retry")]
    async fn flaky() -> Result<&'static str, Error> {
        Ok("success")
    }
    let scope = testing::scope_of(["guide.retry"]);
    scope.chaos("guide.retry").fail(2);
    assert_eq!(flaky().await, Ok("success"));
    scope.assert("guide.retry").attempts(3);
    let story = scope.story();
    let failed = story.events().iter().filter(|event| event.text.starts_with("injected"));
    let mut times: Vec<_> = failed.map(|event| event.after).collect();
    times.push(scope.elapsed());
    assert_eq!([times[1] - times[0], times[2] - times[1]], [1, 2].map(Duration::from_secs));
}
