//! Random histories beside a plain model: a list of permits, and a list of latencies.

use super::*;
use crate::{
    Kind,
    adaptive_limit::{
        Algorithm,
        window::{ROOM, Sample, Summary, Window},
    },
    clock, histories,
};

fn outcome(random: &mut fastrand::Rng) -> Outcome {
    [Outcome::Success, Outcome::Success, Outcome::Overload, Outcome::Ignored][random.usize(..4)]
}

/// Calls come, end and are dropped; what is in flight is what the list holds, and who comes is let in by the limit alone.
fn history(seed: u64) -> u64 {
    let mut random = fastrand::Rng::with_seed(seed);
    let (min, max) = (random.u32(1..5), random.u32(5..60));
    let algorithm = if random.bool() { Algorithm::Gradient } else { Algorithm::Aimd };
    let config = AdaptiveLimitConfig::new().min(min).max(max).algorithm(algorithm);
    let limit = limit(config);
    let clock = ManualClock::new();
    let _installed = clock.install();
    let mut inside: Vec<Permit<'_>> = Vec::new();
    let (mut admitted, mut rejected) = (0, [0_u64; 3]);
    let steps = 2_000;
    for _ in 0..steps {
        match random.u32(..10) {
            0..=4 => {
                let priority = Priority::ALL[random.usize(..3)];
                let may = (inside.len() as u32) < config.places(limit.limit(), priority);
                match limit.try_enter(priority) {
                    Ok(permit) => {
                        assert!(may);
                        admitted += 1;
                        inside.push(permit);
                    }
                    Err(error) => {
                        assert!(!may);
                        assert_eq!(error.kind(), Kind::ConcurrencyLimited);
                        rejected[priority as usize] += 1;
                    }
                }
            }
            5..=7 if !inside.is_empty() => {
                let permit = inside.swap_remove(random.usize(..inside.len()));
                permit.settle(outcome(&mut random));
            }
            8 if !inside.is_empty() => drop(inside.swap_remove(random.usize(..inside.len()))),
            _ => clock.advance(Duration::from_micros(random.u64(..20_000))),
        }
        assert_eq!(limit.in_flight(), inside.len() as u32);
        assert!((min..=max).contains(&limit.limit()));
        assert_eq!(limit.admitted_count(), admitted);
        assert_eq!(Priority::ALL.map(|priority| limit.rejected_of(priority)), rejected);
    }
    inside.clear();
    assert_eq!(limit.in_flight(), 0);
    steps
}

#[test]
fn random_histories_agree_with_a_list_of_permits() {
    histories::run(100_000, history);
}

/// The same window from a list of samples.
fn plain(samples: &[Sample], usual: f64, threshold: Option<Duration>) -> Summary {
    let told: Vec<_> = samples.iter().filter(|sample| sample.outcome != Outcome::Ignored).collect();
    let overloads = told.iter().filter(|sample| sample.outcome == Outcome::Overload).count();
    let is_slow = |sample: &Sample| {
        sample.outcome == Outcome::Success && threshold.is_some_and(|threshold| sample.latency > threshold)
    };
    let latencies: Vec<u64> = told
        .iter()
        .filter(|sample| sample.outcome == Outcome::Success || clock::nanos(sample.latency) as f64 > usual)
        .map(|sample| clock::nanos(sample.latency))
        .collect();
    let mut latest: Vec<u64> = latencies.iter().rev().take(ROOM).copied().collect();
    latest.sort_unstable();
    Summary {
        latency: latest.get(latest.len() / 2).map(|median| *median as f64),
        calls: told.len() as u32,
        overloads: overloads as u32,
        slow: told.iter().filter(|sample| is_slow(sample)).count() as u32,
        busiest: told.iter().map(|sample| sample.in_flight).max().unwrap_or(0),
    }
}

#[test]
fn a_window_comes_to_what_a_list_of_its_calls_comes_to() {
    let mut random = fastrand::Rng::with_seed(3);
    let mut window = Window::new();
    for _ in 0..2_000 {
        let usual = random.f64() * 1e6;
        let threshold = random.bool().then(|| Duration::from_nanos(random.u64(1..1_000_000)));
        let samples: Vec<_> = (0..random.usize(..400))
            .map(|_| Sample {
                latency: Duration::from_nanos(random.u64(..1_000_000)),
                outcome: outcome(&mut random),
                in_flight: random.u32(1..100),
            })
            .collect();
        for sample in &samples {
            window.record(*sample, usual, threshold, clock::Instant::ZERO);
        }
        assert_eq!(window.close(), plain(&samples, usual, threshold));
    }
}
