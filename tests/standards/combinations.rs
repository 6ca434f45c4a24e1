//! MicroProfile Fault Tolerance and SmallRye, several policies on one function.

use mainstay::{Kind, bulkhead, circuit_breaker, fallback, policies, retry, timeout};
use mainstay_testkit::{Recorder, Stepper};

use crate::support::*;

/// CO-01, CO-08, CO-04.
#[tokio::test(start_paused = true)]
async fn the_refusal_of_a_breaker_that_opens_meanwhile_is_the_answer() {
    for call in twins!(
        #[retry(max_attempts = 8, initial_delay = "1ms", retry_on(E::Down))]
        #[circuit_breaker(failure_rate = 0.75, window = 4, timeout = "50s")]
    ) {
        let up = always('F');
        assert_eq!((call.once(&up).await, up.calls()), ('o', 4));
    }
}

/// CO-01: and without a wait before it.
#[tokio::test(start_paused = true)]
async fn the_refusal_below_a_retry_is_reported_once_and_not_tried_again() {
    #[retry("co.01", max_attempts = 8, initial_delay = "1ms", jitter = none)]
    #[circuit_breaker("co.01", failure_rate = 0.75, window = 4, timeout = "50s")]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    let recorder = Recorder::listen();
    assert_eq!(letter(&call(&always('F')).await), 'o');
    let mut events = recorder.events("co.01");
    events.retain(|event| !event.starts_with("retry: "));
    assert_eq!(events, ["state: closed -> open", "refused: circuit_open"]);
    assert_eq!(policies().retry("co.01").unwrap().exhausted(), 0, "there were attempts left");
}

/// CO-02, CO-08, CO-04.
#[tokio::test(start_paused = true)]
async fn with_fewer_attempts_than_open_it_the_last_error_is_the_answer() {
    for call in twins!(
        #[retry(max_attempts = 3, initial_delay = "1ms", retry_on(E::Down))]
        #[circuit_breaker(failure_rate = 0.75, window = 4, timeout = "50s")]
    ) {
        let up = always('F');
        assert_eq!((call.once(&up).await, up.calls()), ('F', 3));
    }
}

/// CO-x01: `testCircuitOpenWithMultiTimeouts`.
#[tokio::test(start_paused = true)]
async fn time_outs_of_each_attempt_open_the_breaker() {
    let call = later!(
        #[retry(max_attempts = 8, initial_delay = ms(0))]
        #[circuit_breaker(failure_rate = 0.75, window = 4, timeout = "50s")]
        #[timeout("500ms")]
    );
    let up = slow(SECOND, 'S');
    assert_eq!((call.timed(&up).await, up.calls()), (('o', SECOND * 2), 4));
}

/// CO-05, CO-08: the source asks every 100 ms and allows from 750 to 1250 ms. Ours asks once, when the breaker said.
#[tokio::test(start_paused = true)]
async fn a_listed_refusal_is_waited_out_as_long_as_the_breaker_says() {
    for call in twins!(
        #[retry(max_attempts = 21, initial_delay = "100ms", backoff = constant, jitter = none,
            retry_on(E::Policy(mainstay::Error::CircuitOpen { .. })))]
        #[circuit_breaker(failure_threshold = 4, timeout = "1s")]
    ) {
        let up = upstream("FFFFS");
        assert_eq!(call.times(4, &up).await, "FFFF");
        assert_eq!(call.timed(&up).await, ('S', SECOND));
    }
}

/// CO-x02, CO-07, CO-08: `retryOn` without the refusal, and `abortOn` with it.
#[tokio::test(start_paused = true)]
async fn a_refusal_that_is_not_listed_or_listed_as_final_costs_no_wait() {
    for call in twins!(
        #[retry(max_attempts = 21, initial_delay = "100ms",
            retry_on(E::Policy(error) if error.kind() == Kind::TimedOut))]
        #[circuit_breaker(failure_threshold = 4, timeout = "1s")]
    ) {
        assert_eq!(call.times(4, &upstream("FFFF")).await, "FFFF");
        assert_eq!(call.timed(&upstream("")).await, ('o', ms(0)));
    }
    for call in twins!(
        #[retry(max_attempts = 21, initial_delay = "100ms", retry_on(E::Policy(_)), abort_on(E::Down, E::Policy(_)))]
        #[circuit_breaker(failure_threshold = 4, timeout = "1s")]
    ) {
        assert_eq!(call.times(4, &upstream("FFFF")).await, "FFFF");
        assert_eq!(call.timed(&upstream("")).await, ('o', ms(0)));
    }
}

/// CO-x03, CO-10: `CircuitBreakerTimeoutTest`.
#[tokio::test(start_paused = true)]
async fn time_outs_open_a_breaker_unless_it_lists_other_failures() {
    let call = later!(#[circuit_breaker(failure_rate = 0.75, window = 2)] #[timeout("500ms")]);
    assert_eq!(call.times(3, &always('H')).await, "tto");
    let call =
        later!(#[circuit_breaker(failure_rate = 0.75, window = 2, failure_on(E::Busy))] #[timeout("500ms")]);
    assert_eq!(call.times(3, &always('H')).await, "ttt");
    let call = later!(
        #[circuit_breaker(failure_rate = 0.75, window = 2,
            failure_on(E::Policy(refusal) if refusal.kind() == Kind::BulkheadFull))]
        #[timeout("500ms")]
    );
    assert_eq!(call.times(3, &always('H')).await, "ttt");
}

/// CO-11, CO-12: there a bulkhead's refusal is a failure to the breaker around it; here only where it is listed (decision
/// 0001).
#[tokio::test(start_paused = true)]
async fn a_breaker_that_lists_the_refusals_of_a_bulkhead_opens_by_them() {
    #[circuit_breaker(failure_rate = 1.0, window = 3, timeout = "50s",
        failure_on(E::Policy(refusal) if refusal.kind() == Kind::BulkheadFull))]
    #[bulkhead(1, max_queue = 1)]
    async fn queued(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let mut calls = many(7, || queued(&gate));
    assert_eq!(steps(&mut calls), "--bbboo");
    gate.let_out(2);
    assert_eq!(steps(&mut calls[..2]), "SS");

    #[circuit_breaker(failure_rate = 1.0, window = 3, timeout = "50s",
        failure_on(E::Policy(refusal) if refusal.kind() == Kind::BulkheadFull))]
    #[bulkhead(1)]
    fn at_once(inside: &dyn Fn()) -> Answer {
        inside();
        Ok(())
    }
    let others = std::cell::RefCell::new(String::new());
    let call = || at_once(&|| (0..5).for_each(|_| others.borrow_mut().push(letter(&at_once(&|| ())))));
    assert_eq!(call(), Ok(()));
    assert_eq!(*others.borrow(), "bbboo");
}

/// CO-11, CO-x04: without a list, or with another, they count as nothing (decision 0001).
#[tokio::test(start_paused = true)]
async fn the_refusals_of_a_bulkhead_do_not_open_the_breaker_around_it() {
    #[circuit_breaker(failure_rate = 1.0, window = 3, timeout = "50s")]
    #[bulkhead(1, max_queue = 1)]
    async fn plain(gate: &Gate) -> Answer {
        gate.pass().await
    }
    #[circuit_breaker(failure_rate = 1.0, window = 3, timeout = "50s", failure_on(E::Busy))]
    #[bulkhead(1, max_queue = 1)]
    async fn listed(gate: &Gate) -> Answer {
        gate.pass().await
    }
    let gate = Gate::shut();
    let (mut plain, mut listed) = (many(7, || plain(&gate)), many(7, || listed(&gate)));
    assert_eq!((steps(&mut plain), steps(&mut listed)), ("--bbbbb".into(), "--bbbbb".into()));
    gate.let_out(4);
    assert_eq!((steps(&mut plain[..2]), steps(&mut listed[..2])), ("SS".into(), "SS".into()));
}

/// CO-14. With its rate of 0.2 of five the window would never fill in this call.
#[tokio::test(start_paused = true)]
async fn failures_that_a_retry_overcomes_count_for_the_breaker() {
    #[retry(max_attempts = 11, initial_delay = ms(0))]
    #[circuit_breaker("co.14", failure_rate = 0.2, window = 5, success_threshold = 3)]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    assert_eq!(call(&upstream("FFS")).await, Ok(()));
    let breaker = policies().circuit_breaker("co.14").unwrap();
    assert_eq!((breaker.failure_count(), breaker.success_count()), (2, 1));
    assert_eq!(breaker.state().to_string(), "closed");
}

/// CO-15: there the breaker is open for no time at all, which ours refuses; its least is as long as the wait between
/// attempts.
#[tokio::test(start_paused = true)]
async fn a_breaker_that_is_half_open_by_the_next_attempt_refuses_nothing() {
    #[retry(max_attempts = 11, initial_delay = "1ms", backoff = constant, jitter = none)]
    #[circuit_breaker("co.15", failure_rate = 0.2, window = 5, success_threshold = 1, timeout = "1ms")]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    assert_eq!(call(&upstream("FFFFFS")).await, Ok(()));
    let breaker = policies().circuit_breaker("co.15").unwrap();
    assert_eq!((breaker.failure_count(), breaker.success_count(), breaker.rejected_count()), (5, 1, 0));
    assert_eq!(breaker.state().to_string(), "closed");
}

/// CO-18: there the order of the annotations does not matter. Here it is what runs (decision 0017).
#[tokio::test(start_paused = true)]
async fn policies_run_in_the_order_in_which_they_are_written() {
    // MicroProfile's order, written so: fallback, retry, breaker, timeout, bulkhead.
    for_the_standard_order().await;
    // A breaker above the retry sees one failed call, below it each attempt.
    for call in
        twins!(#[circuit_breaker(failure_threshold = 3)] #[retry(max_attempts = 3, initial_delay = ms(0))])
    {
        assert_eq!(call.times(4, &always('F')).await, "FFFo");
    }
    for call in
        twins!(#[retry(max_attempts = 3, initial_delay = ms(0))] #[circuit_breaker(failure_threshold = 3)])
    {
        assert_eq!(call.times(2, &upstream("FFF")).await, "Fo");
    }
}

async fn for_the_standard_order() {
    #[fallback("co.18", |_| Ok("instead"))]
    #[retry("co.18", max_attempts = 3, initial_delay = ms(0))]
    #[circuit_breaker("co.18", failure_threshold = 3)]
    #[timeout("co.18", "1s")]
    #[bulkhead("co.18", 1)]
    async fn call(gate: &Gate) -> Answer<&'static str> {
        gate.pass().await.map(|()| "ran")
    }
    let gate = Gate::shut();
    assert_eq!(call(&gate).await, Ok("instead"));
    assert_eq!(gate.probe.entered(), 3, "three attempts of a second each");
    assert_eq!(policies().circuit_breaker("co.18").unwrap().state().to_string(), "open");
    assert_eq!(policies().bulkhead("co.18").unwrap().admitted_count(), 3);
    assert_eq!(policies().timeout("co.18").unwrap().timed_out(), 3);
    let mut call = Stepper::new(call(&gate));
    assert_eq!(step(&mut call), 'S', "the fallback, since the breaker is open");
}
