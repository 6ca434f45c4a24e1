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
