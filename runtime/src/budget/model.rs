//! Budgets beside a plain model: a list of all calls with their times. `MAINSTAY_STEPS` says how many steps are taken.

use std::{sync::Barrier, time::Duration};

use super::BudgetConfig;
use crate::{
    clock::{self, ManualClock},
    histories,
};

/// All that happened, in nanoseconds.
#[derive(Default)]
struct Plain {
    first: Vec<u64>,
    further: Vec<u64>,
}

impl Plain {
    /// How many of those lie in the slots of the window.
    fn within(times: &[u64], now: u64, window: u64) -> f64 {
        let slot = window / 10;
        let from = (now / slot).saturating_sub(9) * slot;
        times.iter().filter(|at| **at >= from).count() as f64
    }
}

#[test]
fn every_withdrawal_is_granted_or_refused_as_a_list_of_all_calls_says() {
    const LIFE: u64 = 400;
    histories::run(200_000, |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        let clock = ManualClock::new();
        let _installed = clock.install();
        let (ratio, floor) = (random.f64() * 1.5, f64::from(random.u8(..4)));
        let window = Duration::from_millis(random.u64(1..200) * 100);
        let config = BudgetConfig::new().ratio(ratio).floor(floor).window(window);
        let budget = config.build("model").unwrap();
        let window_nanos = window.as_nanos() as u64;
        let mut plain = Plain::default();
        for _ in 0..LIFE {
            let now = clock::now().as_nanos();
            match random.u8(..8) {
                0 => clock.advance(Duration::from_nanos(random.u64(..window_nanos / 4))),
                1 if random.u8(..8) == 0 => clock.advance(window * random.u32(1..40)),
                1..5 => {
                    budget.deposit();
                    plain.first.push(now);
                }
                _ => {
                    let first = Plain::within(&plain.first, now, window_nanos);
                    let further = Plain::within(&plain.further, now, window_nanos) + 1.0;
                    let allowed = ratio * first + floor * window.as_secs_f64();
                    // Where the last bit decides, both are right.
                    if (allowed - further).abs() < 1e-6 {
                        continue;
                    }
                    let granted = budget.withdraw();
                    assert_eq!(granted, further <= allowed, "{further} of {allowed} for {first}");
                    if granted {
                        plain.further.push(now);
                    }
                }
            }
        }
        LIFE
    });
}

#[test]
fn four_threads_never_spend_more_than_there_is() {
    for round in 0..200 {
        let budget = BudgetConfig::new().ratio(0.25).floor(0.0).build("threads").unwrap();
        let (threads, deposits) = (4, 500 + round);
        let barrier = Barrier::new(threads);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    barrier.wait();
                    for _ in 0..deposits {
                        budget.deposit();
                        let _ = budget.withdraw();
                    }
                });
            }
        });
        let most = budget.first_calls() / 4;
        assert!(budget.withdrawn() <= most, "{} of {most}", budget.withdrawn());
        assert_eq!(budget.first_calls(), threads as u64 * deposits);
        assert_eq!(budget.withdrawn() + budget.refused(), budget.first_calls());
    }
}
