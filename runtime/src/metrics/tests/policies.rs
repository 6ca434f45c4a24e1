use std::time::Duration;

use crate::{
    Error,
    bulkhead::Bulkhead,
    circuit_breaker::{CircuitBreaker, State},
    clock::ManualClock,
    idempotent::Idempotency,
    metrics::{
        PolicyMetrics,
        tests::scrape::{self, has},
    },
    rate_limit::{Rate, RateLimiter},
    retry::{Jitter, Retry},
};

fn lines(of: &str) -> Vec<String> {
    scrape::lines(&PolicyMetrics, "name", of)
}

#[test]
fn a_breaker_shows_its_calls_its_state_and_how_long_it_has_been_open() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let breaker = CircuitBreaker::builder()
        .failure_threshold(1)
        .success_threshold(1)
        .register("metrics.breaker")
        .unwrap();
    assert_eq!(breaker.call(|| Ok::<_, Error>(1)), Ok(1));
    assert!(breaker.call(|| Err::<(), _>(Error::timed_out("x", Duration::ZERO))).is_err());
    assert!(breaker.call(|| Ok::<_, Error>(())).is_err());
    clock.advance(Duration::from_secs(5));
    has(
        &lines("metrics.breaker"),
        &[
            "mainstay_circuit_breaker_calls_total{@,outcome=\"success\"} 1",
            "mainstay_circuit_breaker_calls_total{@,outcome=\"failure\"} 1",
            "mainstay_circuit_breaker_calls_total{@,outcome=\"rejected\"} 1",
            "mainstay_circuit_breaker_state{@,state=\"open\"} 1",
            "mainstay_circuit_breaker_state{@,state=\"closed\"} 0",
            "mainstay_circuit_breaker_opened_total{@} 1",
            "mainstay_circuit_breaker_state_seconds_total{@,state=\"open\"} 5",
        ],
    );
    clock.advance(Duration::from_secs(60));
    assert_eq!(breaker.call(|| Ok::<_, Error>(1)), Ok(1));
    clock.advance(Duration::from_secs(60));
    assert_eq!((breaker.state(), breaker.time_in(State::Open)), (State::Closed, Duration::from_secs(65)));
    breaker.force_open();
    clock.advance(Duration::from_secs(2));
    assert_eq!(breaker.time_in(State::ForcedOpen), Duration::from_secs(2));
    assert_eq!(breaker.time_in(State::Closed), Duration::ZERO);
    assert_eq!(breaker.opened_count(), 1);
}

#[test]
fn a_breaker_with_a_key_shows_the_calls_of_all_keys_also_of_those_it_has_forgotten() {
    let hosts =
        CircuitBreaker::builder().failure_threshold(1).max_keys(2).register_keyed("metrics.keyed").unwrap();
    for host in ["a", "b", "c", "d"] {
        hosts.get(host).admit().unwrap().success();
    }
    hosts.get("d").admit().unwrap().failure();
    assert!(hosts.get("d").admit().is_err());
    hosts.get("e").admit().unwrap().ignore();
    assert!(hosts.remove("e"));
    has(
        &lines("metrics.keyed"),
        &[
            "mainstay_circuit_breaker_calls_total{@,outcome=\"success\"} 4",
            "mainstay_circuit_breaker_calls_total{@,outcome=\"failure\"} 1",
            "mainstay_circuit_breaker_calls_total{@,outcome=\"ignored\"} 1",
            "mainstay_circuit_breaker_calls_total{@,outcome=\"rejected\"} 1",
            "mainstay_circuit_breaker_keys{@,state=\"open\"} 1",
        ],
    );
    hosts.reset();
    assert_eq!((hosts.success_count(), hosts.rejected_count()), (0, 0));
}

#[test]
fn a_retry_shows_the_calls_it_tried_again_and_why_others_failed() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let retry = Retry::builder().max_attempts(3).max_elapsed(Duration::from_secs(60)).jitter(Jitter::None);
    let retry = retry.register("metrics.retry").unwrap();
    let mut failures = 1;
    let answer = retry.call(|| {
        failures -= 1;
        if failures < 0 { Ok(()) } else { Err(()) }
    });
    assert_eq!(answer, Ok(()));
    assert!(retry.call(|| Err::<(), _>("always")).is_err());
    assert!(retry.retry_if(|_| false).call(|| Err::<(), _>("final")).is_err());
    let slow = || {
        clock.advance(Duration::from_secs(70));
        Err::<(), _>("slow")
    };
    assert!(retry.call(slow).is_err());
    has(
        &lines("metrics.retry"),
        &[
            "mainstay_retry_retries_total{@} 3",
            "mainstay_retry_retried_calls_total{@} 2",
            "mainstay_retry_failed_calls_total{@,result=\"not_retryable\"} 1",
            "mainstay_retry_failed_calls_total{@,result=\"out_of_attempts\"} 1",
            "mainstay_retry_failed_calls_total{@,result=\"out_of_time\"} 1",
            "mainstay_retry_exhausted_total{@} 2",
        ],
    );
}

#[test]
fn a_bulkhead_shows_who_is_inside_and_who_was_turned_away() {
    let bulkhead = Bulkhead::builder(1).register("metrics.bulkhead").unwrap();
    let permit = bulkhead.try_enter().unwrap();
    assert!(bulkhead.try_enter().is_err());
    has(
        &lines("metrics.bulkhead"),
        &[
            "mainstay_bulkhead_calls_total{@,outcome=\"permitted\"} 1",
            "mainstay_bulkhead_calls_total{@,outcome=\"rejected\"} 1",
            "mainstay_bulkhead_running{@} 1",
            "mainstay_bulkhead_waiting{@} 0",
            "mainstay_bulkhead_limit{@} 1",
        ],
    );
    drop(permit);
    has(&lines("metrics.bulkhead"), &["mainstay_bulkhead_running{@} 0"]);
}

#[test]
fn a_rate_limit_shows_what_it_let_through_and_what_it_refused() {
    let limit = RateLimiter::builder(Rate::per_hour(2)).register("metrics.limit").unwrap();
    assert!((0..3).map(|_| limit.try_acquire(1.0)).filter(Result::is_err).count() == 1);
    has(
        &lines("metrics.limit"),
        &[
            "mainstay_rate_limit_calls_total{@,outcome=\"permitted\"} 2",
            "mainstay_rate_limit_calls_total{@,outcome=\"rejected\"} 1",
            "mainstay_rate_limit_waiting{@} 0",
        ],
    );
}

#[test]
fn an_idempotency_policy_shows_what_ran_and_what_was_answered_from_memory() {
    let policy = Idempotency::builder().register("metrics.idempotent").unwrap();
    for _ in 0..3 {
        assert_eq!(policy.call("k", || Ok::<_, Error>(7)), Ok(7));
    }
    has(
        &lines("metrics.idempotent"),
        &[
            "mainstay_idempotent_calls_total{@,result=\"run\"} 1",
            "mainstay_idempotent_calls_total{@,result=\"replayed\"} 2",
            "mainstay_idempotent_keys{@} 1",
        ],
    );
}
