use std::sync::atomic::{AtomicU32, Ordering};

use mainstay::{
    Error, bulkhead, circuit_breaker, fallback, metered, policies, rate_limit, retry, timeout, trace_span,
};

use crate::support::{assert_scraped, ms};

#[tokio::test(start_paused = true)]
async fn a_time_limit_below_makes_a_timeout() {
    #[metered("stacks.timeout")]
    #[timeout("1s")]
    async fn slow() -> Result<(), Error> {
        tokio::time::sleep(ms(5000)).await;
        Ok(())
    }
    slow().await.unwrap_err();
    assert_scraped(
        "stacks.timeout",
        &[
            "calls_total{@,outcome=\"timeout\"} 1",
            "errors_total{@,error_type=\"timed_out\"} 1",
            "duration_seconds_sum{@} 1",
        ],
    );
}

#[test]
fn refusals_of_policies_below_are_rejected_with_their_kind_and_are_not_timed() {
    #[metered("stacks.breaker")]
    #[circuit_breaker("stacks.open")]
    fn guarded() -> Result<(), Error> {
        Ok(())
    }
    #[metered("stacks.limit")]
    #[rate_limit("1/h")]
    fn limited() -> Result<(), Error> {
        Ok(())
    }
    #[metered("stacks.bulkhead")]
    #[bulkhead(1)]
    fn crowded(again: bool) -> Result<(), Error> {
        if again { crowded(false) } else { Ok(()) }
    }
    policies().circuit_breaker("stacks.open").unwrap().force_open();
    guarded().unwrap_err();
    limited().unwrap();
    limited().unwrap_err();
    crowded(true).unwrap_err();
    assert_scraped(
        "stacks.breaker",
        &[
            "calls_total{@,outcome=\"rejected\"} 1",
            "errors_total{@,error_type=\"circuit_open\"} 1",
            "duration_seconds_count{@} 0",
        ],
    );
    assert_scraped("stacks.limit", &["errors_total{@,error_type=\"rate_limited\"} 1"]);
    // The inner call was refused; the outer one's body gave its error on.
    assert_scraped("stacks.bulkhead", &["errors_total{@,error_type=\"bulkhead_full\"} 1"]);
}

#[tokio::test(start_paused = true)]
async fn above_a_retry_calls_are_counted_and_below_it_attempts() {
    static TRIES: AtomicU32 = AtomicU32::new(0);
    #[metered("stacks.calls")]
    #[retry(max_attempts = 3)]
    #[metered("stacks.attempts")]
    async fn flaky() -> Result<(), Error> {
        match TRIES.fetch_add(1, Ordering::Relaxed) {
            0 | 1 => Err(Error::timed_out("elsewhere", ms(1))),
            _ => Ok(()),
        }
    }
    flaky().await.unwrap();
    assert_scraped(
        "stacks.calls",
        &["calls_total{@,outcome=\"ok\"} 1", "calls_total{@,outcome=\"error\"} 0"],
    );
    assert_scraped(
        "stacks.attempts",
        &["calls_total{@,outcome=\"ok\"} 1", "calls_total{@,outcome=\"error\"} 2"],
    );
}

#[test]
fn what_a_fallback_answers_is_a_value() {
    #[metered("stacks.fallback")]
    #[fallback(|_| Ok(7))]
    fn covered() -> Result<u32, Error> {
        Err(Error::timed_out("elsewhere", ms(1)))
    }
    assert_eq!(covered(), Ok(7));
    assert_scraped("stacks.fallback", &["calls_total{@,outcome=\"ok\"} 1"]);
}

#[tokio::test(start_paused = true)]
async fn refusals_are_told_through_a_span_in_between() {
    #[metered("stacks.through_a_span")]
    #[trace_span]
    #[circuit_breaker("stacks.through_a_span")]
    #[timeout("1s")]
    async fn guarded() -> Result<(), Error> {
        tokio::time::sleep(ms(5000)).await;
        Ok(())
    }
    #[metered("stacks.spans_around_and_within")]
    #[trace_span]
    #[metered("stacks.between_spans")]
    #[trace_span]
    #[rate_limit("1/h")]
    fn limited() -> Result<(), Error> {
        Ok(())
    }
    guarded().await.unwrap_err();
    policies().circuit_breaker("stacks.through_a_span").unwrap().force_open();
    guarded().await.unwrap_err();
    assert_scraped(
        "stacks.through_a_span",
        &["calls_total{@,outcome=\"timeout\"} 1", "calls_total{@,outcome=\"rejected\"} 1"],
    );
    limited().unwrap();
    limited().unwrap_err();
    for name in ["stacks.spans_around_and_within", "stacks.between_spans"] {
        assert_scraped(name, &["errors_total{@,error_type=\"rate_limited\"} 1"]);
    }
}
