//! What the policies below a span tell it.

use std::{cell::Cell, time::Duration};

use mainstay::{
    bulkhead, circuit_breaker,
    clock::ManualClock,
    fallback, policies, rate_limit, retry, timeout,
    trace::{AttributeValue, Status},
    trace_span,
};
use mainstay_testkit::Spans;

use crate::support::{Answer, Failure, events, text};

#[trace_span("policies.retried")]
#[retry("policies.retry", max_attempts = 3, initial_delay = "1s", jitter = none)]
async fn retried(failures: &Cell<u32>) -> Answer {
    match failures.get() {
        0 => Ok(1),
        more => {
            failures.set(more - 1);
            Err(Failure::Reset)
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_retry_is_an_event_with_its_attempt() {
    let spans = Spans::record();
    retried(&Cell::new(2)).await.unwrap();
    let span = spans.one("policies.retried");
    assert_eq!(events(&span), ["mainstay.retry", "mainstay.retry"]);
    let attempts: Vec<_> = span.events.iter().map(|event| event.attributes[1].value.clone()).collect();
    assert_eq!(attempts, [AttributeValue::I64(1), AttributeValue::I64(2)]);
    assert_eq!((span.status, span.end - span.start), (Status::Unset, 3_000_000_000));
    assert_eq!(span.events[1].time - span.events[0].time, 1_000_000_000);
}

#[tokio::test(start_paused = true)]
async fn a_span_below_the_retry_is_one_for_each_attempt() {
    #[retry(max_attempts = 3, initial_delay = "1s")]
    #[trace_span("policies.attempt", attrs(left = failures.get()))]
    async fn attempts(failures: &Cell<u32>) -> Answer {
        failures.set(failures.get() - 1);
        Err(Failure::Reset)
    }
    let spans = Spans::record();
    attempts(&Cell::new(9)).await.unwrap_err();
    let spans = spans.named("policies.attempt");
    let left: Vec<_> = spans.iter().map(|span| text(span, "left").unwrap()).collect();
    assert_eq!(left, ["9", "8", "7"]);
    let numbers: Vec<_> = spans.iter().map(|span| text(span, "mainstay.attempt").unwrap()).collect();
    assert_eq!(numbers, ["1", "2", "3"]);
}

#[test]
fn a_span_knows_the_attempt_of_the_nearest_retry_however_far_above() {
    #[trace_span("policies.above")]
    #[retry(max_attempts = 2, initial_delay = "1ms", before_retry = |_| ())]
    #[bulkhead("policies.between", 1)]
    #[trace_span("policies.below")]
    #[circuit_breaker("policies.between")]
    #[trace_span("policies.lowest", attrs("mainstay.attempt" = "mine"))]
    fn attempts() -> Answer {
        Err(Failure::Reset)
    }
    let clock = ManualClock::new();
    let _installed = clock.install();
    let spans = Spans::record();
    attempts().unwrap_err();
    let numbers = |name: &str| -> Vec<_> {
        spans.named(name).iter().map(|span| text(span, "mainstay.attempt")).collect()
    };
    assert_eq!(numbers("policies.above"), [None]);
    assert_eq!(numbers("policies.below"), [Some("1".into()), Some("2".into())]);
    assert_eq!(numbers("policies.lowest"), [Some("mine".into()), Some("mine".into())]);
}

#[test]
fn limits_that_refuse_set_the_status_as_a_breaker_does() {
    #[trace_span("policies.limited")]
    #[rate_limit("policies.limited", "1/h")]
    fn limited() -> Answer {
        Ok(1)
    }
    #[trace_span("policies.crowded")]
    #[bulkhead("policies.crowded", 1)]
    fn crowded() -> Answer {
        Ok(1)
    }
    let spans = Spans::record();
    limited().unwrap();
    limited().unwrap_err();
    crowded().unwrap();
    let place = policies().bulkhead("policies.crowded").unwrap().try_enter().unwrap();
    crowded().unwrap_err();
    drop(place);
    for (name, kind) in [("policies.limited", "rate_limited"), ("policies.crowded", "bulkhead_full")] {
        let of_name = spans.named(name);
        assert_eq!(of_name[0].status, Status::Unset);
        assert_eq!(of_name[1].status, Status::Error("".into()), "{name}");
        assert_eq!(text(&of_name[1], "error.type").unwrap(), kind);
        assert_eq!(text(&of_name[1], "mainstay.policy").unwrap(), name);
        assert_eq!(events(&of_name[1]), ["mainstay.refused"]);
    }
}

#[trace_span("policies.refused", err)]
#[circuit_breaker("policies.breaker")]
async fn refused() -> Answer {
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn a_refusal_sets_the_status_and_says_which_policy_it_was() {
    let spans = Spans::record();
    policies().circuit_breaker("policies.breaker").unwrap().force_open();
    refused().await.unwrap_err();
    let span = spans.named("policies.refused").pop().unwrap();
    assert_eq!(text(&span, "error.type").unwrap(), "circuit_open");
    assert_eq!(text(&span, "mainstay.policy").unwrap(), "policies.breaker");
    assert!(matches!(span.status, Status::Error(_)));
    assert_eq!(events(&span), ["mainstay.refused", "exception"]);
}

#[tokio::test(start_paused = true)]
async fn a_time_out_is_told_and_forgotten_when_another_attempt_fails_otherwise() {
    #[trace_span("policies.timed")]
    #[retry(max_attempts = 2, initial_delay = "1s")]
    #[timeout("policies.limit", "1s")]
    async fn timed(hangs: &Cell<bool>) -> Answer {
        if hangs.take() {
            std::future::pending::<()>().await;
        }
        Err(Failure::Reset)
    }
    let spans = Spans::record();
    timed(&Cell::new(true)).await.unwrap_err();
    let span = spans.one("policies.timed");
    assert_eq!(events(&span), ["mainstay.refused", "mainstay.retry", "mainstay.retries_exhausted"]);
    assert!(text(&span, "error.type").unwrap().ends_with("Failure"));
    assert_eq!(text(&span, "mainstay.policy"), None);
}

#[test]
fn a_fallback_that_answers_makes_it_no_error() {
    #[trace_span("policies.covered")]
    #[fallback(|_| Ok(7))]
    #[bulkhead("policies.full", 1)]
    fn covered() -> Answer {
        Ok(1)
    }
    let spans = Spans::record();
    covered().unwrap();
    let _place = policies().bulkhead("policies.full").unwrap().try_enter().unwrap();
    assert_eq!(covered(), Ok(7));
    let span = spans.named("policies.covered").pop().unwrap();
    assert_eq!(events(&span), ["mainstay.refused", "mainstay.fell_back"]);
    assert_eq!((&span.status, text(&span, "mainstay.policy")), (&Status::Unset, None));
}

#[tokio::test(start_paused = true)]
async fn a_limit_around_the_span_is_told_to_it() {
    #[timeout("1s")]
    #[trace_span("policies.cut_off")]
    async fn cut_off() -> Answer {
        std::future::pending().await
    }
    let spans = Spans::record();
    cut_off().await.unwrap_err();
    let span = spans.one("policies.cut_off");
    assert_eq!(
        (text(&span, "error.type").unwrap(), events(&span)),
        ("timed_out".into(), vec!["mainstay.refused"])
    );
    assert_eq!(span.end - span.start, Duration::from_secs(1).as_nanos() as u64);
}

#[tokio::test(start_paused = true)]
async fn all_of_them_around_and_in_one_span() {
    #[fallback(|_| Ok(0))]
    #[timeout("9s")]
    #[trace_span("policies.stack", attrs(name = name))]
    #[retry]
    #[circuit_breaker("policies.stack")]
    #[bulkhead(10)]
    #[timeout("1s")]
    async fn stacked(name: &str, times: &mut u32) -> Answer {
        *times += 1;
        tokio::task::yield_now().await;
        Ok(name.len() as u32)
    }
    let spans = Spans::record();
    let mut times = 0;
    assert_eq!(stacked("abc", &mut times).await, Ok(3));
    assert_eq!((times, spans.named("policies.stack").len()), (1, 1));
}
