//! With a retry, and with functions that are annotated themselves.

use mainstay::{fallback, retry};
use mainstay_testkit::{Script, Step};

use crate::support::*;

#[fallback(|error| Ok(format!("fallback after {error}")))]
#[retry(max_attempts = tries, initial_delay = "1ms")]
async fn retried(upstream: &Script<&'static str, Failure>, tries: u32) -> Answer<String> {
    upstream.run_async().await.map(str::to_owned)
}

fn flaky(failures: u64) -> Script<&'static str, Failure> {
    Script::steps().times(failures, Step::fail(Failure::Reset)).forever(Step::ok("success"))
}

#[tokio::test(start_paused = true)]
async fn above_a_retry_it_answers_when_all_attempts_have_failed() {
    // FB-01, FB-02.
    for tries in [2, 3] {
        let upstream = flaky(100);
        assert_eq!(retried(&upstream, tries).await.unwrap(), "fallback after connection reset");
        assert_eq!(upstream.calls(), u64::from(tries));
    }
}

#[tokio::test(start_paused = true)]
async fn above_a_retry_it_is_not_needed_when_a_later_attempt_succeeds() {
    // FB-22.
    let upstream = flaky(3);
    assert_eq!(retried(&upstream, 4).await.unwrap(), "success");
}

#[retry(max_attempts = 2, initial_delay = "1ms")]
async fn annotated_answer(_: Failure) -> Answer {
    ANSWERS.run_async().await
}

static ANSWERS: Script<u32, Failure> = Script::always(Step::fail(Failure::Status(503)));

#[fallback(annotated_answer)]
async fn outer() -> Answer {
    Err(Failure::Reset)
}

#[tokio::test(start_paused = true)]
async fn it_may_be_a_function_with_policies_of_its_own() {
    assert_eq!(outer().await, Err(Failure::Status(503)));
    assert_eq!(ANSWERS.calls(), 2);
}

#[fallback(|_| Ok(3))]
#[fallback(|_| Err(Failure::Declined), on(Failure::Reset))]
async fn in_turn(failure: &Failure) -> Answer {
    Err(failure.clone())
}

#[tokio::test]
async fn of_several_the_lower_answers_first() {
    assert_eq!(in_turn(&Failure::Reset).await, Ok(3));
    assert_eq!(in_turn(&Failure::Status(1)).await, Ok(3));
}
