//! Long work that never waits, and asks now and then whether it is in time.

use mainstay::{
    Kind, circuit_breaker, circuit_breaker::State, clock::ManualClock, deadline, policies, timeout,
};
use mainstay_testkit::Stepper;

use crate::support::*;

#[circuit_breaker("deadline.checkpoints", failure_threshold = 1)]
#[timeout("deadline.checkpoints", "2s")]
async fn works(clock: ManualClock) -> Answer<u32> {
    for _ in 0..10 {
        deadline::checkpoint().await?;
        clock.advance(secs(1));
    }
    Ok(10)
}

#[circuit_breaker("deadline.checks", failure_threshold = 1)]
#[timeout("deadline.checks", "2s")]
async fn checks(clock: ManualClock) -> Answer<u32> {
    for _ in 0..10 {
        deadline::check()?;
        clock.advance(secs(1));
    }
    Ok(10)
}

/// What a call comes to that is polled once, and how long it worked.
fn of<F: Future<Output = Answer<u32>>>(call: impl FnOnce(ManualClock) -> F) -> (Option<(Kind, String)>, u64) {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let start = clock.now();
    let mut call = Stepper::new(call(clock.clone()));
    match call.poll() {
        std::task::Poll::Ready(answer) => (told(answer), clock.now().saturating_since(start).as_secs()),
        std::task::Poll::Pending => panic!("nobody waits"),
    }
}

#[test]
fn a_limit_cuts_its_call_off_at_a_checkpoint_and_counts_it() {
    let (breaker, limit) = (
        || policies().circuit_breaker("deadline.checkpoints").unwrap().state(),
        || policies().timeout("deadline.checkpoints").unwrap(),
    );
    // A deadline from outside ends it first, which is nobody's fault.
    let hurried = of(|clock| deadline::scope(secs(1), works(clock)));
    assert_eq!(hurried.0.unwrap().0, Kind::DeadlineExceeded);
    assert_eq!((hurried.1, breaker(), limit().timed_out()), (1, State::Closed, 0));
    let late = of(works);
    assert_eq!(late, (Some((Kind::TimedOut, "deadline.checkpoints".to_owned())), 2));
    assert_eq!((breaker(), limit().timed_out()), (State::Open, 1));
}

#[test]
fn a_check_begins_the_time_of_a_limit_and_is_an_error_of_the_body_after_it() {
    assert_eq!(of(checks), (exceeded("deadline"), 2));
    assert_eq!(policies().timeout("deadline.checks").unwrap().timed_out(), 0);
    assert_eq!(policies().circuit_breaker("deadline.checks").unwrap().state(), State::Closed);
}

#[test]
fn without_a_deadline_work_goes_on() {
    let works_on = of(|clock| async move {
        deadline::checkpoint().await?;
        clock.advance(secs(100));
        deadline::check()?;
        deadline::checkpoint().await?;
        Ok(1)
    });
    assert_eq!(works_on, (None, 100));
}
