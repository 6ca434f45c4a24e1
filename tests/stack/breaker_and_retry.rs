//! A breaker below a retry: its refusal is final unless listed.

use mainstay::{Kind, circuit_breaker, retry};
use mainstay_testkit::{Recorder, Script, Step};

use crate::support::*;

#[retry(max_attempts = 8, initial_delay = "1ms", retry_on(Failure::Reset))]
#[circuit_breaker("bnr.more", failure_rate = 0.75, window = 4, timeout = "50s")]
async fn more_attempts(up: &Upstream) -> Answer {
    up.run_async().await
}

#[retry(max_attempts = 3, initial_delay = "1ms", retry_on(Failure::Reset))]
#[circuit_breaker("bnr.few", failure_rate = 0.75, window = 4, timeout = "50s")]
async fn few_attempts(up: &Upstream) -> Answer {
    up.run_async().await
}

#[tokio::test(start_paused = true)]
async fn the_refusal_of_a_breaker_that_opens_meanwhile_is_the_answer() {
    // CO-01.
    let (up, recorder) = (down(), Recorder::listen());
    assert_eq!(kind(&more_attempts(&up).await), Some(Kind::CircuitOpen));
    assert_eq!(up.calls(), 4);
    assert_eq!(recorder.events("bnr.more"), ["state: closed -> open", "refused: circuit_open"]);
}

#[tokio::test(start_paused = true)]
async fn with_fewer_attempts_than_open_it_the_last_error_is_the_answer() {
    // CO-02.
    let up = down();
    assert_eq!(few_attempts(&up).await, Err(Failure::Reset));
    assert_eq!(up.calls(), 3);
}

#[retry(retry_on(Failure::Policy(mainstay::Error::CircuitOpen { .. })), max_attempts = 21, initial_delay = "100ms", backoff = constant, jitter = none)]
#[circuit_breaker("bnr.until_closed", failure_threshold = 4, timeout = "1s", success_threshold = 2)]
async fn until_closed(up: &Upstream) -> Answer {
    up.run_async().await
}

#[tokio::test(start_paused = true)]
async fn a_listed_refusal_is_waited_out_and_the_breaker_says_how_long() {
    // CO-05. Ours waits once, for as long as the breaker said, instead of asking every 100 ms.
    let up = failing(4);
    for _ in 0..4 {
        assert_eq!(until_closed(&up).await, Err(Failure::Reset));
    }
    let start = tokio::time::Instant::now();
    assert_eq!(until_closed(&up).await, Ok(7));
    assert_eq!(start.elapsed(), secs(1));
    assert_eq!(breaker("bnr.until_closed").rejected_count(), 1);
}

#[retry(retry_on(Failure::Policy(refusal) if refusal.kind() == Kind::CircuitOpen), abort_on(Failure::Policy(_)), initial_delay = "1ms")]
#[circuit_breaker("bnr.aborted")]
async fn aborted(up: &Upstream) -> Answer {
    up.run_async().await
}

#[tokio::test(start_paused = true)]
async fn a_refusal_listed_on_both_sides_is_final() {
    // CO-07.
    aborted(&failing(0)).await.unwrap();
    breaker("bnr.aborted").force_open();
    assert_eq!(kind(&aborted(&failing(0)).await), Some(Kind::CircuitOpen));
    assert_eq!(breaker("bnr.aborted").rejected_count(), 1);
}

#[retry(max_attempts = 11, initial_delay = "1ms")]
#[circuit_breaker("bnr.recovers", failure_rate = 0.9, window = 5, success_threshold = 3)]
async fn recovers(up: &Upstream) -> Answer {
    up.run_async().await
}

#[tokio::test(start_paused = true)]
async fn failures_that_a_retry_overcomes_count_for_the_breaker() {
    // CO-14, with a rate that two of three do not reach.
    assert_eq!(recovers(&failing(2)).await, Ok(7));
    let breaker = breaker("bnr.recovers");
    assert_eq!((breaker.failure_count(), breaker.success_count()), (2, 1));
    assert_eq!(breaker.state().to_string(), "closed");
}

#[retry(max_attempts = 11, initial_delay = "10ms", backoff = constant, jitter = none)]
#[circuit_breaker("bnr.half_opens", failure_threshold = 5, success_threshold = 1, timeout = "10ms")]
async fn half_opens(up: &Upstream) -> Answer {
    up.run_async().await
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_is_half_open_by_the_next_attempt_refuses_nothing() {
    // CO-15: it opens with the fifth failure, and the sixth attempt is its probe.
    let up = failing(5);
    assert_eq!(half_opens(&up).await, Ok(7));
    let breaker = breaker("bnr.half_opens");
    assert_eq!((breaker.failure_count(), breaker.success_count(), breaker.rejected_count()), (5, 1, 0));
    assert_eq!(breaker.state().to_string(), "closed");
}

#[retry(max_attempts = 3, initial_delay = "1ms")]
#[circuit_breaker("bnr.async", failure_threshold = 100)]
fn gives_a_future(up: &Upstream) -> impl Future<Output = Answer> {
    async move { up.run_async().await }
}

#[tokio::test(start_paused = true)]
async fn a_future_that_fails_is_tried_again_as_often_as_a_call_that_fails() {
    // RT-15, RT-18.
    let up = down();
    assert_eq!(gives_a_future(&up).await, Err(Failure::Reset));
    assert_eq!(up.calls(), 3);
    let up = failing(2);
    assert_eq!(gives_a_future(&up).await, Ok(7));
    assert_eq!(up.calls(), 3);
    // RT-17 and RT-21: what fails before it waits and what fails after is the same to us.
    let up = Script::steps().fail(Failure::Reset).delay(secs(1), Step::fail(Failure::Reset)).ok(7).end();
    assert_eq!(gives_a_future(&up).await, Ok(7));
}
