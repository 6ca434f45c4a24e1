use std::sync::{Arc, OnceLock};

use super::support::{SECOND, hear, play};
use crate::{
    circuit_breaker::{CircuitBreaker, State, Verdict},
    clock::ManualClock,
    observe::{self, Event},
    registry::{Policy, policies},
};

#[test]
fn every_change_of_state_is_reported_once_and_in_order() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let (_subscription, heard) = hear("breaker.reports.order");
    let config = CircuitBreaker::builder().failure_threshold(1).success_threshold(1);
    let breaker = config.build("breaker.reports.order").unwrap();
    play(&breaker, "F");
    clock.advance(60 * SECOND);
    play(&breaker, "F");
    clock.advance(60 * SECOND);
    play(&breaker, "S");
    breaker.close();
    breaker.force_open();
    breaker.disable();
    breaker.observe_only();
    play(&breaker, "F");
    breaker.reset();
    use State::{Closed, Disabled, ForcedOpen, HalfOpen, ObserveOnly, Open};
    let expected = [
        (Closed, Open),
        (Open, HalfOpen),
        (HalfOpen, Open),
        (Open, HalfOpen),
        (HalfOpen, Closed),
        (Closed, ForcedOpen),
        (ForcedOpen, Disabled),
        (Disabled, ObserveOnly),
        (Closed, Open),
        (ObserveOnly, Closed),
    ];
    assert_eq!(*heard.lock().unwrap(), expected);
}

#[test]
fn a_listener_may_use_the_breaker_and_what_it_does_is_reported_after() {
    let breaker = CircuitBreaker::builder().failure_threshold(1).build("breaker.reports.reentry").unwrap();
    let breaker = Arc::new(breaker);
    let cell: Arc<OnceLock<Arc<CircuitBreaker>>> = Arc::default();
    cell.set(Arc::clone(&breaker)).unwrap();
    let resets = {
        let cell = Arc::clone(&cell);
        observe::listen(move |event| {
            if let Event::StateChanged { policy: "breaker.reports.reentry", to: State::Open, .. } = event {
                let breaker = cell.get().unwrap();
                assert_eq!(breaker.counts().state, State::Open);
                breaker.reset();
            }
        })
    };
    let (_subscription, heard) = hear("breaker.reports.reentry");
    play(&breaker, "F");
    drop(resets);
    assert_eq!(*heard.lock().unwrap(), [(State::Closed, State::Open), (State::Open, State::Closed)]);
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn a_listener_that_panics_hinders_nobody() {
    let panicking = observe::listen(|event| assert_ne!(event.policy(), "breaker.reports.panic"));
    let (_subscription, heard) = hear("breaker.reports.panic");
    let breaker = CircuitBreaker::builder().failure_threshold(1).build("breaker.reports.panic").unwrap();
    play(&breaker, "F");
    breaker.reset();
    drop(panicking);
    assert_eq!(heard.lock().unwrap().len(), 2);
}

#[test]
fn refusals_are_reported() {
    let refused = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let subscription = observe::listen({
        let refused = Arc::clone(&refused);
        move |event| {
            if matches!(event, Event::Refused { error } if error.policy() == "breaker.reports.refused") {
                refused.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
    });
    let breaker = CircuitBreaker::builder().failure_threshold(1).build("breaker.reports.refused").unwrap();
    play(&breaker, "FSS");
    drop(subscription);
    assert_eq!(refused.load(std::sync::atomic::Ordering::Relaxed), 2);
}

#[test]
fn changes_made_by_many_threads_are_told_as_a_chain() {
    let (_subscription, heard) = hear("breaker.reports.chain");
    let breaker = CircuitBreaker::builder().failure_threshold(1).build("breaker.reports.chain").unwrap();
    std::thread::scope(|scope| {
        for seed in 0..4 {
            let breaker = &breaker;
            scope.spawn(move || {
                let mut random = fastrand::Rng::with_seed(seed);
                for _ in 0..500 {
                    match random.u32(..3) {
                        0 => breaker.close(),
                        1 => breaker.force_open(),
                        _ => drop(breaker.admit().map(|permit| permit.settle(Verdict::Failure))),
                    }
                }
            });
        }
    });
    let heard = heard.lock().unwrap();
    assert!(heard.len() > 1);
    assert_eq!(heard[0].0, State::Closed);
    assert!(heard.windows(2).all(|pair| pair[0].1 == pair[1].0));
    assert_eq!(heard[heard.len() - 1].1, breaker.state());
}

#[test]
fn it_is_found_by_its_name_and_describes_itself() {
    let breaker = CircuitBreaker::builder().failure_threshold(2).register("breaker.reports.named").unwrap();
    let same = CircuitBreaker::builder().failure_threshold(2).register("breaker.reports.named").unwrap();
    assert!(std::ptr::eq(breaker, same));
    play(breaker, "SF");
    let found = policies().circuit_breaker("breaker.reports.named").unwrap();
    assert_eq!(found.describe_state(), "closed, 1 succeeded, 1 failed (1 in a row), 0 ignored, 0 refused");
    assert_eq!(
        found.describe_config(),
        "failure_threshold = 2, success_threshold = 2, timeout = 60s, half_open_calls = 2"
    );
    Policy::reset(found);
    assert_eq!(breaker.success_count(), 0);
}
