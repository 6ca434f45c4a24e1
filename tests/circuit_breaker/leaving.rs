//! Panics, drops and time-outs.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    task::Poll,
};

use mainstay::{circuit_breaker, timeout};
use mainstay_testkit::{Step, Stepper, drop_at_every_await};

use crate::support::{Answer, E, SECOND, Upstream, letter, upstream};

fn panics(run: impl FnOnce() -> Answer) {
    let Err(payload) = catch_unwind(AssertUnwindSafe(run)) else { panic!("it did not panic") };
    assert_eq!(payload.downcast_ref::<String>().map(String::as_str), Some("upstream"), "it unwinds on");
}

fn answer_of(poll: Poll<Answer>) -> Answer {
    match poll {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn a_panic_of_a_sync_body_is_a_failure_and_unwinds_on() {
    #[circuit_breaker(failure_threshold = 2)]
    fn call(up: &Upstream) -> Answer {
        up.run()
    }
    let up = upstream("PP");
    panics(|| call(&up));
    panics(|| call(&up));
    assert_eq!(letter(&call(&up)), 'X');
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_an_async_body_is_a_failure_even_where_a_drop_is_none() {
    #[circuit_breaker(failure_threshold = 2, on_cancel = ignore)]
    async fn call(up: &Upstream) -> Answer {
        tokio::task::yield_now().await;
        up.run_async().await
    }
    let up = upstream("PP");
    for _ in 0..2 {
        let mut panicking = Stepper::new(call(&up));
        assert!(panicking.poll().is_pending());
        panics(|| answer_of(panicking.poll()));
        drop(panicking);
    }
    assert_eq!(letter(&call(&up).await), 'X');
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_panics_opens_it_again() {
    for call in twins!(failure_threshold = 1, timeout = "1s") {
        assert_eq!(call.times(1, &upstream("F")).await, "F");
        call.wait(SECOND).await;
        let up = upstream("P");
        panics(|| answer_of(Stepper::new(call.once(&up)).poll()));
        assert_eq!(call.times(1, &upstream("")).await, "X");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_probe_gives_its_place_back_wherever_it_is_dropped() {
    #[circuit_breaker(
        "cb.dropped_probe",
        failure_threshold = 1,
        success_threshold = 1,
        half_open_calls = 1,
        timeout = "1s"
    )]
    async fn call(up: &Upstream) -> Answer {
        tokio::task::yield_now().await;
        up.run_async().await?;
        tokio::task::yield_now().await;
        Ok(())
    }
    assert_eq!(call(&upstream("F")).await, Err(E::Down));
    tokio::time::advance(SECOND).await;

    let breaker = mainstay::policies().circuit_breaker("cb.dropped_probe").unwrap();
    let slow = Upstream::always(Step::delay(SECOND, Step::ok(())));
    let polls = drop_at_every_await(
        SECOND,
        || call(&slow),
        |polls| {
            let state = breaker.state().to_string();
            assert_eq!(state, if polls == 0 { "open" } else { "half_open" }, "after {polls} polls");
            // The place is free: another probe gets in, and is dropped again.
            if polls > 0 {
                let other = upstream("");
                let mut probe = Stepper::new(call(&other));
                assert!(probe.poll().is_pending());
            }
        },
    )
    .await;
    assert_eq!(polls, 4);
    assert_eq!(breaker.state().to_string(), "closed", "the last one ran to its end");
}

#[tokio::test(start_paused = true)]
async fn a_time_out_below_is_a_failure_and_not_a_cancellation() {
    #[circuit_breaker("cb.timed_out", failure_threshold = 2, on_cancel = ignore)]
    #[timeout("1s")]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    let up = upstream("HH");
    let mut letters = String::new();
    for _ in 0..3 {
        letters.push(letter(&call(&up).await));
    }
    assert_eq!(letters, "TTX");
    let breaker = mainstay::policies().circuit_breaker("cb.timed_out").unwrap();
    assert_eq!((breaker.failure_count(), breaker.ignored_count()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_time_out_above_is_seen_as_a_time_out_and_not_as_a_cancellation() {
    #[timeout("1s")]
    #[circuit_breaker("cb.cut_off", failure_threshold = 2, on_cancel = ignore)]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    let up = upstream("HH");
    assert_eq!((letter(&call(&up).await), letter(&call(&up).await)), ('T', 'T'));
    assert_eq!(letter(&call(&up).await), 'X');
    let breaker = mainstay::policies().circuit_breaker("cb.cut_off").unwrap();
    assert_eq!((breaker.failure_count(), breaker.ignored_count()), (2, 0));
}

#[test]
fn an_early_return_and_a_question_mark_settle_as_any_other_end() {
    #[circuit_breaker("cb.early", failure_threshold = 2)]
    fn call(up: &Upstream, early: bool) -> Answer {
        if early {
            return up.run();
        }
        up.run()?;
        Ok(())
    }
    let up = upstream("SSFF");
    assert_eq!(call(&up, true), Ok(()));
    assert_eq!(call(&up, false), Ok(()));
    assert_eq!(call(&up, false), Err(E::Down));
    assert_eq!(call(&up, true), Err(E::Down));
    assert_eq!(letter(&call(&up, true)), 'X');
    let breaker = mainstay::policies().circuit_breaker("cb.early").unwrap();
    assert_eq!((breaker.success_count(), breaker.failure_count(), breaker.rejected_count()), (2, 2, 1));
}
