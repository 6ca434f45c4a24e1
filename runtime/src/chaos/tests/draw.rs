use std::time::Duration;

use crate::chaos::{ChaosConfig, End, Fate};

/// What a program of twenty lines in another language gives for seed 7 and the name `payments`: the algorithm is written down
/// where users read it, and may not change.
#[test]
fn the_fates_are_those_of_the_written_algorithm() {
    let config = ChaosConfig::new().error_rate(0.25);
    let failed: Vec<u64> =
        (1..=40).filter(|call| config.fate("payments", 7, *call) == Fate::fail()).collect();
    assert_eq!(failed, FAILED);
    let late = ChaosConfig::new().latency_max(Duration::from_secs(1)).latency_rate(1.0);
    let delay = |call| late.fate("payments", 7, call).delay.as_nanos() as f64 / 1e9;
    for (call, share) in SHARES {
        assert!((delay(call) - share).abs() < 2e-9, "{call}");
    }
}

const FAILED: &[u64] = &[1, 6, 13, 20, 26, 27, 31, 32, 35, 37, 40];
const SHARES: [(u64, f64); 3] =
    [(1, 0.9609921445592693), (2, 0.9141475783065574), (1000, 0.13727184717144714)];

#[test]
fn the_shares_come_out_as_they_are_configured() {
    let config = ChaosConfig::new()
        .latency(Duration::from_millis(1))
        .latency_rate(0.3)
        .error_rate(0.1)
        .panic_rate(0.02)
        .drop_rate(0.05);
    const CALLS: u64 = 100_000;
    let mut counts = [0_u32; 4];
    for call in 1..=CALLS {
        let Fate { delay, end } = config.fate("shares", 1, call);
        counts[0] += u32::from(!delay.is_zero());
        counts[1] += u32::from(end == End::Fail(None));
        counts[2] += u32::from(end == End::Panic);
        counts[3] += u32::from(end == End::Hang);
    }
    for (count, share) in counts.into_iter().zip([0.3, 0.1, 0.02, 0.05_f64]) {
        let (expected, deviation) = (share * 1e5, (1e5 * share * (1.0 - share)).sqrt());
        assert!((f64::from(count) - expected).abs() < 4.0 * deviation, "{count} of {expected}");
    }
}

#[test]
fn seed_name_and_number_each_make_a_difference_and_nothing_else_does() {
    let config = ChaosConfig::new().error_rate(0.5);
    let fates = |name: &str, seed| -> Vec<bool> {
        (1..=64).map(|call| config.fate(name, seed, call) == Fate::PASS).collect()
    };
    assert_eq!(fates("a", 1), fates("a", 1));
    assert_ne!(fates("a", 1), fates("a", 2));
    assert_ne!(fates("a", 1), fates("b", 1));
    // More faults of one kind leave the others' calls and delays alone.
    let late = config.latency(Duration::from_secs(1)).latency_rate(0.5);
    let delays =
        |config: ChaosConfig| (1..=64).map(|call| config.fate("a", 1, call).delay).collect::<Vec<_>>();
    assert_eq!(delays(late), delays(late.error_rate(0.9)));
}

#[test]
fn at_zero_nothing_happens_and_at_one_always() {
    let never = ChaosConfig::new();
    let always = ChaosConfig::new().drop_rate(1.0).latency(Duration::MAX).latency_rate(1.0);
    for call in (0..1000).chain([u64::MAX - 1, u64::MAX]) {
        assert_eq!(never.fate("", 0, call), Fate::PASS);
        assert_eq!(always.fate("", u64::MAX, call), Fate { delay: Duration::MAX, end: End::Hang });
    }
}

#[test]
fn a_configuration_that_makes_no_sense_names_its_option() {
    let second = Duration::from_secs(1);
    for (config, option) in [
        (ChaosConfig::new().error_rate(1.5), "error_rate"),
        (ChaosConfig::new().panic_rate(f64::NAN), "panic_rate"),
        (ChaosConfig::new().drop_rate(-0.1), "drop_rate"),
        (ChaosConfig::new().drop_rate(0.6).error_rate(0.5), "error_rate"),
        (ChaosConfig::new().latency_rate(0.1), "latency_rate"),
        (ChaosConfig::new().latency(second * 2).latency_max(second), "latency_max"),
    ] {
        assert_eq!(config.check().unwrap_err().option(), option);
        assert!(config.build("wrong").is_err());
    }
}
