//! Calls, their outcomes and orders that meet on several threads, in every order in which they can.
//!
//! loom's threads take turns on one thread of the system, so one manual clock serves them all.

use std::{mem, sync::Arc, time::Duration};

use super::{
    CircuitBreaker, CircuitBreakerConfig, Counts, State, Verdict, Window,
    word::{Effect, Mode, Phase, Word},
};
use crate::{
    Error,
    clock::{Instant, ManualClock},
    sync::Ordering,
};

const PERIOD: Duration = Duration::from_secs(60);

/// Runs the threads over a breaker that `prepare` has brought where it shall be, and looks at what they leave.
fn meet<C: Send + 'static, const N: usize>(
    config: CircuitBreakerConfig,
    prepare: impl Fn(&CircuitBreaker, &ManualClock) -> C + Sync + Send + 'static,
    threads: [fn(&CircuitBreaker, &C); N],
    look: impl Fn(&CircuitBreaker) + Sync + Send + 'static,
) where
    C: Sync,
{
    loom::model(move || {
        let clock = ManualClock::new();
        let _installed = clock.install();
        let breaker = Arc::new(config.timeout(PERIOD).build("loom").unwrap());
        let prepared = Arc::new(prepare(&breaker, &clock));
        touch(&breaker);
        let threads = threads.map(|run| {
            let (breaker, prepared) = (Arc::clone(&breaker), Arc::clone(&prepared));
            loom::thread::spawn(move || run(&breaker, &prepared))
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        look(&breaker);
    });
}

/// Uses everything that the threads will share: what one of them made first, loom would not let another read.
fn touch(breaker: &CircuitBreaker) {
    let totals =
        [breaker.failure_count(), breaker.success_count(), breaker.ignored_count(), breaker.rejected_count()];
    assert!(totals.iter().sum::<u64>() < 10);
    let _ = (breaker.config(), breaker.longest.load(Ordering::Relaxed));
    drop((breaker.last_failure(), breaker.open_until(), breaker.locked()));
}

fn consecutive(failures: u32) -> CircuitBreakerConfig {
    CircuitBreaker::builder().failure_threshold(failures)
}

/// A window that opens at nothing but failures.
fn window(calls: u32) -> CircuitBreakerConfig {
    CircuitBreaker::builder().failure_rate(1.0).window(Window::Count(calls)).minimum_calls(1)
}

/// A call that runs; its outcome is still to come.
fn admitted(breaker: &CircuitBreaker) -> Word {
    mem::forget(breaker.admit().unwrap());
    breaker.word()
}

fn settle(breaker: &CircuitBreaker, admitted: Word, verdict: Verdict) {
    breaker.settle(admitted, Instant::ZERO, verdict);
}

fn succeed(breaker: &CircuitBreaker) {
    breaker.admit().unwrap().success();
}

fn fail(breaker: &CircuitBreaker) {
    breaker.admit().unwrap().failure();
}

/// Opens it and lets the open period pass.
fn due(breaker: &CircuitBreaker, clock: &ManualClock) {
    fail(breaker);
    clock.advance(PERIOD);
}

fn half_open(breaker: &CircuitBreaker, clock: &ManualClock) -> Word {
    due(breaker, clock);
    admitted(breaker)
}

fn in_window(counts: &Counts) -> (u64, u64) {
    (counts.window_total, counts.window_failures)
}

#[test]
fn two_failures_open_it_once_and_both_count() {
    meet(
        consecutive(2),
        |breaker, _| (admitted(breaker), admitted(breaker)),
        [
            |breaker, calls: &(Word, Word)| settle(breaker, calls.0, Verdict::Failure),
            |breaker, calls: &(Word, Word)| settle(breaker, calls.1, Verdict::Failure),
        ],
        |breaker| {
            assert_eq!((breaker.state(), breaker.failure_count()), (State::Open, 2));
            assert!(breaker.word().same_epoch(Word::START.entering(Phase::Open, Mode::Normal)));
        },
    );
}

#[test]
fn a_success_ends_the_run_or_comes_before_or_after_it() {
    meet(
        consecutive(2),
        |breaker, _| [admitted(breaker); 3],
        [
            |breaker, calls: &[Word; 3]| {
                settle(breaker, calls[0], Verdict::Failure);
                settle(breaker, calls[1], Verdict::Failure);
            },
            |breaker, calls| settle(breaker, calls[2], Verdict::Success),
        ],
        |breaker| {
            let ended = (breaker.state(), breaker.consecutive_failures());
            assert!([(State::Open, 0), (State::Closed, 1)].contains(&ended), "{ended:?}");
            assert_eq!((breaker.failure_count(), breaker.success_count()), (2, 1));
        },
    );
}

#[test]
fn a_success_that_comes_to_a_run_leaves_none_of_it() {
    meet(
        consecutive(3),
        |breaker, _| fail(breaker),
        [|breaker, _| succeed(breaker), |breaker, _| fail(breaker)],
        |breaker| {
            assert_eq!(breaker.state(), State::Closed);
            assert!(breaker.consecutive_failures() <= 1, "{}", breaker.consecutive_failures());
        },
    );
}

#[test]
fn who_is_refused_by_a_breaker_that_opens_hears_how_long() {
    meet(
        consecutive(1),
        |breaker, _| admitted(breaker),
        [
            |breaker, call| settle(breaker, *call, Verdict::Failure),
            |breaker, _| match breaker.admit() {
                Ok(permit) => permit.success(),
                Err(error) => assert_eq!(error, Error::circuit_open("loom", Some(PERIOD))),
            },
        ],
        |breaker| assert_eq!(breaker.state(), State::Open),
    );
}

#[test]
fn a_window_hears_of_every_outcome_deferred_or_not() {
    meet(
        window(8),
        |breaker, _| succeed(breaker),
        [
            |breaker, ()| {
                succeed(breaker);
                succeed(breaker);
            },
            |breaker, ()| fail(breaker),
        ],
        |breaker| assert_eq!(in_window(&breaker.counts()), (4, 1)),
    );
}

#[test]
fn who_looks_at_a_window_takes_nothing_from_it() {
    meet(
        window(8),
        |breaker, _| {
            succeed(breaker);
            succeed(breaker);
        },
        [
            |breaker, ()| succeed(breaker),
            |breaker, ()| {
                let seen = breaker.counts().window_total;
                assert!((2..=3).contains(&seen), "{seen}");
            },
        ],
        |breaker| assert_eq!(in_window(&breaker.counts()), (3, 0)),
    );
}

#[test]
fn a_window_full_of_successes_notices_a_failure_between_others() {
    meet(
        window(2).minimum_calls(2),
        |breaker, _| {
            succeed(breaker);
            succeed(breaker);
            assert_eq!(breaker.word().effect(), Effect::None);
        },
        [|breaker, ()| succeed(breaker), |breaker, ()| fail(breaker)],
        |breaker| assert_eq!(in_window(&breaker.counts()), (2, 1)),
    );
}

#[test]
fn successes_after_a_failure_push_it_out_of_a_window_that_was_full_of_them() {
    meet(
        window(2).minimum_calls(2),
        |breaker, _| {
            succeed(breaker);
            succeed(breaker);
        },
        [
            |breaker, ()| {
                fail(breaker);
                succeed(breaker);
                succeed(breaker);
            },
            |breaker, ()| succeed(breaker),
        ],
        |breaker| assert_eq!((in_window(&breaker.counts()), breaker.consecutive_failures()), ((2, 0), 0)),
    );
}

#[test]
fn the_rate_is_reached_by_whoever_comes_last() {
    meet(
        window(2).minimum_calls(2),
        |breaker, _| [admitted(breaker); 2],
        [
            |breaker, calls: &[Word; 2]| settle(breaker, calls[0], Verdict::Failure),
            |breaker, calls: &[Word; 2]| settle(breaker, calls[1], Verdict::Failure),
        ],
        |breaker| assert_eq!((breaker.state(), breaker.failure_count()), (State::Open, 2)),
    );
}

#[test]
fn an_outcome_of_before_an_order_opens_nothing_after_it() {
    for config in [consecutive(1), window(4)] {
        meet(
            config,
            |breaker, _| admitted(breaker),
            [|breaker, call| settle(breaker, *call, Verdict::Failure), |breaker, _| breaker.close()],
            |breaker| {
                assert_eq!((breaker.state(), breaker.consecutive_failures()), (State::Closed, 0));
                assert_eq!((in_window(&breaker.counts()), breaker.failure_count()), ((0, 0), 1));
            },
        );
    }
}

#[test]
fn a_deferred_success_of_before_an_order_is_in_no_window_after_it() {
    meet(
        window(8),
        |breaker, _| {
            succeed(breaker);
            admitted(breaker)
        },
        [|breaker, call| settle(breaker, *call, Verdict::Success), |breaker, _| breaker.close()],
        |breaker| assert_eq!(in_window(&breaker.counts()), (0, 0)),
    );
}

#[test]
fn no_place_of_a_probe_is_lost_or_given_twice() {
    meet(
        consecutive(1).half_open_calls(1).success_threshold(3),
        |breaker, clock| {
            due(breaker, clock);
            loom::sync::atomic::AtomicUsize::new(0)
        },
        [probe, probe],
        |breaker| {
            assert_eq!(breaker.state(), State::HalfOpen);
            let only = breaker.admit().unwrap();
            breaker.admit().unwrap_err();
            only.ignore();
        },
    );
}

/// A probe that counts itself while it runs.
fn probe(breaker: &CircuitBreaker, running: &loom::sync::atomic::AtomicUsize) {
    use loom::sync::atomic::Ordering::SeqCst;
    if let Ok(permit) = breaker.admit() {
        assert_eq!(running.fetch_add(1, SeqCst), 0);
        running.fetch_sub(1, SeqCst);
        permit.ignore();
    }
}

#[test]
fn a_probe_that_fails_opens_it_whatever_the_other_does() {
    meet(
        consecutive(1).half_open_calls(2).success_threshold(2),
        |breaker, clock| (half_open(breaker, clock), admitted(breaker)),
        [
            |breaker, probes: &(Word, Word)| settle(breaker, probes.0, Verdict::Failure),
            |breaker, probes: &(Word, Word)| settle(breaker, probes.1, Verdict::Success),
        ],
        |breaker| assert_eq!((breaker.state(), breaker.time_left()), (State::Open, Some(PERIOD))),
    );
}

#[test]
fn two_probes_that_pass_close_it() {
    meet(
        consecutive(1).half_open_calls(2).success_threshold(2),
        |breaker, clock| (half_open(breaker, clock), admitted(breaker)),
        [
            |breaker, probes: &(Word, Word)| settle(breaker, probes.0, Verdict::Success),
            |breaker, probes: &(Word, Word)| settle(breaker, probes.1, Verdict::Success),
        ],
        |breaker| assert_eq!((breaker.state(), breaker.success_count()), (State::Closed, 2)),
    );
}

#[test]
fn an_order_stands_whatever_a_probe_finds() {
    meet(
        consecutive(1).half_open_calls(1).success_threshold(1),
        half_open,
        [|breaker, probe| settle(breaker, *probe, Verdict::Success), |breaker, _| breaker.force_open()],
        |breaker| {
            assert_eq!((breaker.state(), breaker.observed_state()), (State::ForcedOpen, State::Closed));
            breaker.resume();
            fail(breaker);
            assert_eq!((breaker.state(), breaker.time_left()), (State::Open, Some(PERIOD)));
        },
    );
}

#[test]
fn of_a_reset_and_a_failure_nothing_strange_remains() {
    meet(
        consecutive(2),
        |breaker, _| admitted(breaker),
        [|breaker, call| settle(breaker, *call, Verdict::Failure), |breaker, _| breaker.reset()],
        |breaker| {
            assert_eq!((breaker.state(), breaker.consecutive_failures()), (State::Closed, 0));
            assert!(breaker.failure_count() <= 1, "{}", breaker.failure_count());
        },
    );
}
