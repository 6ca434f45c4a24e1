//! Successes that the window hears of later, or never: nobody may see a difference.

use std::collections::VecDeque;

use super::support::{SECOND, build, play, rate};
use crate::{
    circuit_breaker::{
        CircuitBreaker, State, Verdict, Window,
        word::{Effect, UNHEARD_MAX, Word},
    },
    clock::ManualClock,
};

/// What a window by number holds, and whether it opens the breaker, by a list of everything in it.
struct Model {
    size: usize,
    minimum: usize,
    rate: f64,
    outcomes: VecDeque<(bool, bool)>,
}

impl Model {
    fn record(&mut self, failed: bool, slow: bool) -> bool {
        self.outcomes.push_back((failed, slow));
        if self.outcomes.len() > self.size {
            self.outcomes.pop_front();
        }
        let (total, failures, slow) = self.tally();
        let reached = |part: u64| part as f64 / total as f64 >= self.rate;
        total >= self.minimum as u64 && (reached(failures) || reached(slow))
    }

    fn tally(&self) -> (u64, u64, u64) {
        let count =
            |pick: fn(&(bool, bool)) -> bool| self.outcomes.iter().filter(|one| pick(one)).count() as u64;
        (self.outcomes.len() as u64, count(|one| one.0), count(|one| one.1))
    }
}

#[test]
fn a_breaker_with_a_window_opens_and_counts_as_a_list_of_all_outcomes_says() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    for seed in 0..60 {
        let mut random = fastrand::Rng::with_seed(seed);
        let size = [1, 2, 5, 31, 32, 33, 64, 100, 200][random.usize(..9)];
        let minimum = random.usize(1..=size);
        let (limit, slowness) = ([0.1, 0.5, 1.0][random.usize(..3)], random.bool());
        let mut config = rate(limit, size as u32).minimum_calls(minimum as u32);
        if slowness {
            config = config.slow_call(SECOND).slow_call_rate(limit);
        }
        let breaker = build(config);
        let mut model = Model { size, minimum, rate: limit, outcomes: VecDeque::new() };
        let (mut run, mut odds) = (0, 10);
        for _ in 0..5000 {
            if random.u32(..200) == 0 {
                odds = [2, 10, 300, u32::MAX][random.usize(..4)];
            }
            let (failed, slow) = (random.u32(..odds) == 0, slowness && random.u32(..odds) == 0);
            let permit = breaker.admit().unwrap();
            clock.advance(if slow { SECOND } else { SECOND / 2 });
            permit.settle(if failed { Verdict::Failure } else { Verdict::Success });
            run = if failed { run + 1 } else { 0 };
            let opens = model.record(failed, slow);
            assert_eq!(breaker.state() == State::Open, opens, "seed {seed}");
            if opens {
                breaker.close();
                model.outcomes.clear();
                run = 0;
            }
            assert_eq!(breaker.consecutive_failures(), run);
            if random.u32(..20) == 0 {
                let counts = breaker.counts();
                assert_eq!((counts.window_total, counts.window_failures, counts.window_slow), model.tally());
            }
        }
    }
}

#[test]
fn a_window_large_enough_holds_every_outcome_of_many_threads() {
    let breaker = build(rate(1.0, 1_000_000).minimum_calls(1));
    play(&breaker, "S");
    std::thread::scope(|scope| {
        for seed in 0..8 {
            let breaker = &breaker;
            scope.spawn(move || {
                let mut random = fastrand::Rng::with_seed(seed);
                for _ in 0..20_000 {
                    let permit = breaker.admit().unwrap();
                    if random.u32(..10) == 0 {
                        permit.failure()
                    } else {
                        permit.success()
                    }
                    if random.u32(..1000) == 0 {
                        let counts = breaker.counts();
                        assert!(counts.window_total >= counts.window_failures);
                    }
                }
            });
        }
    });
    let counts = breaker.counts();
    assert_eq!(counts.window_total, 160_001);
    assert_eq!(
        (counts.window_total, counts.window_failures),
        (counts.success_count + counts.failure_count, counts.failure_count)
    );
}

#[test]
fn a_window_full_of_successes_is_left_alone_until_a_failure() {
    let breaker = build(rate(0.5, 10));
    assert_eq!(breaker.word().effect(), Effect::Immediate);
    play(&breaker, &"S".repeat(10));
    let word = breaker.word();
    assert!(word.is_unblemished());
    play(&breaker, &"S".repeat(1000));
    assert_eq!(breaker.word(), word);
    play(&breaker, "FSSS");
    assert_eq!((breaker.word().effect(), breaker.word().unheard()), (Effect::Deferred, 3));
    let counts = breaker.counts();
    assert_eq!((counts.window_total, counts.window_failures), (10, 1));
    play(&breaker, &"S".repeat(2 * UNHEARD_MAX as usize));
    assert!(breaker.word().is_unblemished());
    assert_eq!(play(&breaker, "FFFFFS"), "FFFFFx");
}

#[test]
fn a_late_success_of_an_earlier_state_is_not_deferred_into_the_next() {
    let breaker = build(rate(0.5, 4).minimum_calls(2));
    play(&breaker, "SS");
    let late = breaker.admit().unwrap();
    breaker.close();
    play(&breaker, "SS");
    late.success();
    assert_eq!((breaker.counts().window_total, breaker.success_count()), (2, 5));
}

#[test]
fn a_window_in_time_and_slow_calls_are_never_left_alone() {
    let slow = build(CircuitBreaker::builder().slow_call(SECOND).window(Window::Count(2)));
    let timed = build(CircuitBreaker::builder().failure_rate(0.5).window(Window::Time(SECOND)));
    for breaker in [slow, timed] {
        play(&breaker, &"S".repeat(100));
        assert!(!breaker.word().is_unblemished());
    }
}

#[test]
fn the_word_keeps_what_concerns_the_window_apart_from_the_rest() {
    let word = Word::START.with_run(7).with_effect(Effect::Deferred).with_unheard(UNHEARD_MAX + 5);
    assert_eq!((word.run(), word.effect(), word.unheard()), (7, Effect::Deferred, UNHEARD_MAX));
    assert!(word.same_epoch(Word::START) && word.is_plainly_closed() && !word.is_unblemished());
    assert_eq!(word.attentive(), word);
    assert_eq!(word.with_run(0).with_unheard(0).with_effect(Effect::None), Word::START);
    assert_eq!(Word::START.attentive().effect(), Effect::Deferred);
}
