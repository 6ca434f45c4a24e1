use std::task::Poll;

use mainstay::circuit_breaker;
use mainstay_testkit::Stepper;

use crate::support::{Answer, E, SECOND, Upstream, letter, upstream};

/// Polls each call once: `-` for one that is in flight, else the letter of its answer.
fn start<F: Future<Output = Answer>>(calls: &mut [Stepper<F>]) -> String {
    calls
        .iter_mut()
        .map(|call| match call.poll() {
            Poll::Pending => '-',
            Poll::Ready(answer) => letter(&answer),
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn as_many_probes_as_it_takes_to_close_may_be_in_flight_by_default() {
    #[circuit_breaker(failure_threshold = 1, success_threshold = 3, timeout = "1s")]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    call(&upstream("F")).await.unwrap_err();
    tokio::time::advance(SECOND).await;
    let up = upstream("HHH");
    let mut probes: Vec<_> = (0..5).map(|_| Stepper::new(call(&up))).collect();
    assert_eq!(start(&mut probes), "---XX");
}

#[tokio::test(start_paused = true)]
async fn only_so_many_probes_are_in_flight_at_a_time() {
    #[circuit_breaker("cb.one_probe", failure_threshold = 1, timeout = "1s", half_open_calls = 1)]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    call(&upstream("F")).await.unwrap_err();
    tokio::time::advance(SECOND).await;
    let up = upstream("ss");
    let mut probes: Vec<_> = (0..2).map(|_| Stepper::new(call(&up))).collect();
    assert_eq!(start(&mut probes), "-X");

    // Nobody knows when the probe will be back, so the refusal names no time.
    let Err(E::Policy(refused)) = call(&up).await else { panic!("the probe is in flight") };
    assert_eq!(refused.retry_after(), None);

    tokio::time::advance(SECOND).await;
    assert_eq!(start(&mut probes[..1]), "S");
    assert_eq!(call(&up).await, Ok(()), "the second probe, one after the other");
    let breaker = mainstay::policies().circuit_breaker("cb.one_probe").unwrap();
    assert_eq!(breaker.state().to_string(), "closed");
}

#[tokio::test(start_paused = true)]
async fn more_probes_than_it_takes_may_be_let_through() {
    #[circuit_breaker(failure_threshold = 1, success_threshold = 1, half_open_calls = 4, timeout = "1s")]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    call(&upstream("F")).await.unwrap_err();
    tokio::time::advance(SECOND).await;
    let up = upstream("HHHH");
    let mut probes: Vec<_> = (0..5).map(|_| Stepper::new(call(&up))).collect();
    assert_eq!(start(&mut probes), "----X");
}

#[tokio::test(start_paused = true)]
async fn a_late_probe_of_an_earlier_half_open_changes_nothing() {
    #[circuit_breaker("cb.late_probe", failure_threshold = 1, timeout = "1s")]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    call(&upstream("F")).await.unwrap_err();
    tokio::time::advance(SECOND).await;
    let slow = upstream("s");
    let mut late = Stepper::new(call(&slow));
    assert!(late.poll().is_pending());
    assert_eq!(call(&upstream("F")).await, Err(E::Down), "the other probe reopens it");
    tokio::time::advance(SECOND).await;
    let other = upstream("H");
    let mut probe = Stepper::new(call(&other));
    assert!(probe.poll().is_pending(), "half-open again");

    assert_eq!(late.poll(), Poll::Ready(Ok(())));
    let breaker = mainstay::policies().circuit_breaker("cb.late_probe").unwrap();
    assert_eq!(breaker.state().to_string(), "half_open");
    // Had the late one given back a place it does not hold, this would leave one probe too many in flight.
    let hanging = upstream("HH");
    let mut more: Vec<_> = (0..2).map(|_| Stepper::new(call(&hanging))).collect();
    assert_eq!(start(&mut more), "-X");
}
