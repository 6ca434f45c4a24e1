//! The windows against lists of everything that ever happened.

use std::{collections::VecDeque, time::Duration};

use super::{Sample, Samples, Tally, time::STEPS};
use crate::{circuit_breaker::Window, clock::Instant};

const START: Instant = Instant::from_nanos(86_400_000_000_000);

fn count<'a>(samples: impl Iterator<Item = &'a Sample>) -> Tally {
    let mut tally = Tally::EMPTY;
    samples.for_each(|sample| tally.add(*sample));
    tally
}

fn sample(random: &mut fastrand::Rng) -> Sample {
    Sample { failed: random.u32(..3) == 0, slow: random.u32(..4) == 0 }
}

#[test]
fn a_count_window_always_holds_exactly_the_last_outcomes() {
    for (seed, size) in [1, 2, 3, 31, 32, 33, 64, 100, 1000].into_iter().enumerate() {
        let mut random = fastrand::Rng::with_seed(seed as u64);
        let mut window = Samples::new(Window::Count(size));
        let mut reference = VecDeque::new();
        for _ in 0..20_000 {
            if random.u32(..5000) == 0 {
                window.clear();
                reference.clear();
            }
            let sample = sample(&mut random);
            reference.push_back(sample);
            if reference.len() > size as usize {
                reference.pop_front();
            }
            assert_eq!(window.record(sample, Instant::ZERO), count(reference.iter()), "window of {size}");
        }
    }
}

#[test]
fn a_time_window_holds_the_outcomes_of_its_last_twenty_steps() {
    for seed in 0..10 {
        let mut random = fastrand::Rng::with_seed(seed);
        let span = random.u64(1_000_000..1_000_000_000);
        let mut window = Samples::new(Window::Time(Duration::from_nanos(span)));
        let mut reference: Vec<(u64, Sample)> = Vec::new();
        let (mut now, mut origin) = (START, START);
        let step = |at: Instant, origin: Instant| (at.as_nanos() - origin.as_nanos()) * STEPS / span;
        for _ in 0..20_000 {
            let most = if random.u32(..200) == 0 { span * 2 } else { span / 50 };
            now = now + Duration::from_nanos(random.u64(..most));
            reference.retain(|(at, _)| step(now, origin) < at + STEPS);
            let held = count(reference.iter().map(|(_, sample)| sample));
            assert_eq!(window.tally(now), held);
            if reference.is_empty() {
                origin = now;
            }
            let sample = sample(&mut random);
            reference.push((step(now, origin), sample));
            assert_eq!(window.record(sample, now), count(reference.iter().map(|(_, sample)| sample)));
        }
    }
}

#[test]
fn no_outcome_stays_longer_than_the_window_or_leaves_before_its_last_twentieth() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..100_000 {
        let span = random.u64(1_000_000..10_000_000_000);
        let mut window = Samples::new(Window::Time(Duration::from_nanos(span)));
        let sample = sample(&mut random);
        window.record(sample, START);
        let at = START + Duration::from_nanos(random.u64(..span));
        window.record(sample, at);
        let young = at + Duration::from_nanos(span - span / STEPS - 1);
        assert!(window.tally(young).total >= 1);
        assert_eq!(window.tally(at + Duration::from_nanos(span)).total, 0);
    }
}

#[test]
fn a_clock_that_hesitates_loses_nothing_and_one_set_back_far_starts_afresh() {
    let failed = Sample { failed: true, slow: false };
    let second = Duration::from_secs(1);
    let mut window = Samples::new(Window::Time(20 * second));
    window.record(failed, START);
    window.record(failed, START + 5 * second);
    assert_eq!(window.record(failed, START + 4 * second).total, 3);
    assert_eq!(window.record(failed, START - second).total, 4);
    assert_eq!(window.record(failed, START - 21 * second).total, 1);
    assert_eq!(window.record(failed, START - 21 * second).total, 2);
}

#[test]
fn an_empty_window_takes_no_memory_and_a_full_one_no_more_than_two_bits_each() {
    let mut window = Samples::new(Window::Count(1_000_000));
    assert!(window.is_empty());
    assert!(matches!(&window, Samples::Count(count) if count.bytes() == 0));
    window.record(Sample { failed: true, slow: true }, Instant::ZERO);
    assert!(matches!(&window, Samples::Count(count) if count.bytes() == 250_000));
    window.clear();
    assert!(window.is_empty());
}
