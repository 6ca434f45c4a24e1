//! Other attributes around and below `#[hedge]`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use mainstay::{
    Kind, budget::Budget, bulkhead, circuit_breaker, clock, fallback, hedge, idempotent, policies, retry,
    timeout, trace_span,
};
use mainstay_testkit::Spans;

use crate::support::{Answer, Failure, Upstream, ms, ok, reset};

#[tokio::test(start_paused = true)]
async fn a_time_limit_around_it_ends_all_attempts_and_is_counted_once() {
    #[timeout("stack.outer", "100ms")]
    #[hedge(after = "50ms", safe)]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    let upstream = Upstream::new(&[(900, ok)]);
    let start = clock::now();
    assert!(matches!(call(&upstream).await, Err(Failure::Policy(error)) if error.kind() == Kind::TimedOut));
    assert_eq!(clock::now().saturating_since(start), ms(100));
    assert_eq!((upstream.begun(), upstream.running()), (2, 0));
    assert_eq!(policies().timeout("stack.outer").unwrap().timed_out(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_below_it_is_each_attempt_s_own() {
    #[hedge(after = "50ms", safe)]
    #[timeout("80ms")]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    let upstream = Upstream::new(&[(900, ok), (70, ok)]);
    let start = clock::now();
    assert_eq!(call(&upstream).await, Ok(1));
    assert_eq!(clock::now().saturating_since(start), ms(120));
}

#[tokio::test(start_paused = true)]
async fn a_retry_above_tries_the_whole_again_and_pays_once() {
    #[retry(initial_delay = "10ms", jitter = none, budget = "stack.shared")]
    #[hedge(after = "50ms", safe, budget = "stack.shared")]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    let budget = Budget::builder().register("stack.shared").unwrap();
    let upstream = Upstream::new(&[(60, reset), (60, reset), (5, ok)]);
    assert_eq!(call(&upstream).await, Ok(2));
    // A hedge and a retry.
    assert_eq!((upstream.begun(), budget.first_calls(), budget.withdrawn()), (3, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_breaker_below_counts_the_winner_and_a_bulkhead_gives_back_the_loser_s_place() {
    #[hedge(after = "50ms", safe)]
    #[circuit_breaker("stack.breaker")]
    #[bulkhead("stack.bulkhead", 2)]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    let upstream = Upstream::new(&[(900, ok), (10, ok)]);
    assert_eq!(call(&upstream).await, Ok(1));
    let breaker = policies().circuit_breaker("stack.breaker").unwrap();
    assert_eq!((breaker.success_count(), breaker.failure_count()), (1, 0));
    let bulkhead = policies().bulkhead("stack.bulkhead").unwrap();
    assert_eq!((bulkhead.in_flight(), bulkhead.admitted_count()), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_is_refused_below_leaves_the_answer_to_the_primary() {
    #[retry(initial_delay = "10ms")]
    #[hedge(after = "50ms", safe)]
    #[bulkhead("stack.full", 1)]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    let upstream = Upstream::new(&[(200, ok)]);
    assert_eq!((call(&upstream).await, upstream.begun()), (Ok(0), 1));
    assert_eq!(policies().bulkhead("stack.full").unwrap().rejected_count(), 1);
    // Refused itself, the primary's refusal is the answer, and no retry follows it.
    let upstream = Upstream::new(&[(900, ok)]);
    let (_first, second) = tokio::join!(call(&upstream), async {
        clock::sleep(ms(1)).await;
        call(&upstream).await
    });
    assert!(matches!(second, Err(Failure::Policy(error)) if error.kind() == Kind::BulkheadFull));
}

#[tokio::test(start_paused = true)]
async fn a_fallback_above_answers_when_all_attempts_have_failed() {
    #[fallback(|_| Ok(77))]
    #[hedge(after = "50ms", safe)]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    assert_eq!(call(&Upstream::new(&[(60, reset), (60, reset)])).await, Ok(77));
}

#[tokio::test(start_paused = true)]
async fn under_an_idempotency_key_it_needs_no_safe() {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    #[idempotent("stack.key", key = id)]
    #[hedge(after = "50ms")]
    async fn call(id: u32) -> Answer {
        let attempt = CALLS.fetch_add(1, Relaxed);
        clock::sleep(ms(if attempt == 0 { 900 } else { 10 })).await;
        Ok(attempt + id)
    }
    assert_eq!((call(1).await, call(1).await, CALLS.load(Relaxed)), (Ok(2), Ok(2), 2));
}

#[tokio::test(start_paused = true)]
async fn each_attempt_below_has_its_span_and_number() {
    #[trace_span("stack.call")]
    #[retry(initial_delay = "10ms")]
    #[hedge(after = "50ms", safe)]
    #[trace_span("stack.attempt")]
    async fn call(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    let spans = Spans::record();
    let upstream = Upstream::new(&[(60, reset), (60, reset), (900, ok), (10, ok)]);
    assert_eq!(call(&upstream).await, Ok(3));
    let number = |span: &mainstay::trace::SpanRecord, key: &str| {
        let found = span.attributes.iter().find(|attribute| attribute.key == key).unwrap();
        format!("{:?}", found.value)
    };
    let mut numbers: Vec<_> = spans
        .named("stack.attempt")
        .iter()
        .map(|span| (number(span, "mainstay.attempt"), number(span, "mainstay.hedge")))
        .collect();
    numbers.sort();
    let expected = [("1", "0"), ("1", "1"), ("2", "0"), ("2", "1")];
    let expected = expected.map(|(attempt, hedge)| (format!("I64({attempt})"), format!("I64({hedge})")));
    assert_eq!(numbers, expected);
    let told: Vec<_> = spans.one("stack.call").events.iter().map(|event| event.name.to_string()).collect();
    assert_eq!(told, ["mainstay.hedged", "mainstay.retry", "mainstay.hedged"]);
}
