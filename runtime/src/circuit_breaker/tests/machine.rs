//! The pure machine alone, without a clock.

use super::support::{SECOND, rate};
use crate::{
    circuit_breaker::{
        CircuitBreakerConfig,
        state::{Admission, Machine, ProbeEnd},
        window::Sample,
        word::{Mode, Phase, RUN_MAX, State, Word},
    },
    clock::Instant,
};

const FAILED: Sample = Sample { failed: true, slow: false };

#[test]
fn the_machine_goes_round_without_a_clock() {
    let config = CircuitBreakerConfig::new().timeout(10 * SECOND).success_threshold(1);
    let start = Instant::from_nanos(1_000_000_000_000);
    let mut machine = Machine::new(&config);
    assert_eq!(machine.admit(&config, start), Admission::Closed);
    machine.open(start);
    assert_eq!(machine.until(), start + 10 * SECOND);
    assert_eq!(machine.admit(&config, start + 4 * SECOND), Admission::Refused(Some(6 * SECOND)));
    assert_eq!(machine.admit(&config, start + 10 * SECOND), Admission::Probe);
    assert_eq!(machine.admit(&config, start + 10 * SECOND), Admission::Refused(None));
    machine.end_probe(&config, ProbeEnd::Void, start);
    assert_eq!(machine.admit(&config, start + 10 * SECOND), Admission::Probe);
    machine.end_probe(&config, ProbeEnd::Passed, start);
    assert_eq!(machine.phase(), Phase::Closed);
}

#[test]
fn a_window_that_reaches_its_rate_asks_to_be_opened() {
    let config = rate(0.5, 2);
    let mut machine = Machine::new(&config);
    assert!(!machine.record(&config, FAILED, 1, Instant::ZERO));
    assert!(!machine.is_blank());
    assert!(machine.record(&config, FAILED, 2, Instant::ZERO));
    machine.open(Instant::ZERO);
    machine.close(&config);
    assert!(machine.is_blank());
}

#[test]
fn the_word_holds_its_parts_apart() {
    let mut word = Word::START;
    for (phase, mode, state) in [
        (Phase::Open, Mode::Normal, State::Open),
        (Phase::HalfOpen, Mode::ObserveOnly, State::ObserveOnly),
        (Phase::Closed, Mode::Disabled, State::Disabled),
        (Phase::Closed, Mode::ForcedOpen, State::ForcedOpen),
        (Phase::Closed, Mode::Normal, State::Closed),
    ] {
        let next = word.entering(phase, mode).with_run(u32::MAX);
        assert!(!next.same_epoch(word));
        assert_eq!((next.phase(), next.mode(), next.state(), next.run()), (phase, mode, state, RUN_MAX));
        assert!(next.as_bystander().same_epoch(next));
        assert_eq!(next.with_run(0).run(), 0);
        word = next;
    }
    assert!(word.is_plainly_closed() && !word.is_unblemished() && word.with_run(0).is_unblemished());
}

/// Plays random calls against the machine and against a model that keeps every outcome in a list.
#[test]
fn a_random_life_is_that_of_a_plain_model() {
    for seed in 0..20 {
        let mut random = fastrand::Rng::with_seed(seed);
        let config = rate([0.3, 0.5, 1.0][random.usize(..3)], random.u32(1..20))
            .success_threshold(random.u32(1..4))
            .half_open_calls(random.u32(1..4))
            .timeout(4 * SECOND)
            .max_timeout(12 * SECOND);
        let (window, needed) = (config.minimum() as usize, config.success_threshold);
        let rate = config.failure_rate.unwrap();
        let mut machine = Machine::new(&config);
        let mut now = Instant::from_nanos(1_000_000_000_000);
        let (mut outcomes, mut passed, mut in_flight) = (Vec::new(), 0, 0);
        let (mut phase, mut period, mut until) = (Phase::Closed, 4, now);
        for _ in 0..10_000 {
            now = now + random.u32(0..3) * SECOND / 2;
            let ends_probe = phase == Phase::HalfOpen && in_flight > 0 && random.bool();
            if ends_probe {
                let end =
                    [ProbeEnd::Passed, ProbeEnd::Passed, ProbeEnd::Failed, ProbeEnd::Void][random.usize(..4)];
                machine.end_probe(&config, end, now);
                in_flight -= 1;
                match end {
                    ProbeEnd::Void => {}
                    ProbeEnd::Passed => passed += 1,
                    ProbeEnd::Failed => {
                        period = 12.min(period * 2);
                        (phase, until) = (Phase::Open, now + period * SECOND);
                    }
                }
                if passed == needed {
                    (phase, period) = (Phase::Closed, 4);
                }
            } else {
                let admission = machine.admit(&config, now);
                if phase == Phase::Open && now >= until {
                    (phase, passed, in_flight) = (Phase::HalfOpen, 0, 0);
                }
                let expected = match phase {
                    Phase::Closed => Admission::Closed,
                    Phase::Open => Admission::Refused(Some(until.saturating_since(now))),
                    Phase::HalfOpen if in_flight < config.probes() => Admission::Probe,
                    Phase::HalfOpen => Admission::Refused(None),
                };
                assert_eq!(admission, expected);
                in_flight += u32::from(admission == Admission::Probe);
                if admission == Admission::Closed {
                    let failed = random.bool();
                    outcomes.push(failed);
                    let last: Vec<_> = outcomes.iter().rev().take(window).collect();
                    let failures = last.iter().filter(|failed| ***failed).count();
                    let opens = last.len() == window && failures as f64 / window as f64 >= rate;
                    assert_eq!(machine.record(&config, Sample { failed, slow: false }, 0, now), opens);
                    if opens {
                        machine.open(now);
                        (phase, until) = (Phase::Open, now + period * SECOND);
                    }
                }
            }
            if phase != Phase::Closed {
                outcomes.clear();
            }
            assert_eq!(machine.phase(), phase);
        }
    }
}
