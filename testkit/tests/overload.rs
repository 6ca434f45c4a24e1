//! What the policies for overload do to an overloaded server, in virtual time. Figures are asserted with a margin; the same seed
//! gives the same run.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::time::Duration;

use mainstay_runtime::{
    adaptive_limit::{AdaptiveLimit, AdaptiveLimitConfig, Algorithm},
    bulkhead::Bulkhead,
    throttle::ThrottleConfig,
};
use mainstay_testkit::simulation::{Change, Guard, Model};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Three times as many calls as 20 servers of 10 ms can do, from callers who wait for 100 ms.
fn overloaded() -> Model {
    Model { offered: 6_000.0, ..Model::default() }
}

fn limit(config: AdaptiveLimitConfig) -> AdaptiveLimit {
    config.build("simulated").unwrap()
}

fn gradient() -> AdaptiveLimit {
    limit(AdaptiveLimit::builder())
}

fn aimd() -> AdaptiveLimit {
    limit(AdaptiveLimit::builder().algorithm(Algorithm::Aimd).latency_threshold(ms(50)))
}

#[test]
fn at_three_times_its_capacity_a_server_does_nine_tenths_of_it_behind_an_adaptive_limit() {
    for seed in 1..=5 {
        let model = Model { seed, ..overloaded() };
        for limit in [gradient(), aimd()] {
            let report = model.run(Guard::Adaptive(&limit), secs(60));
            let goodput = report.goodput(2.0..60.0) / model.capacity();
            assert!(goodput >= 0.95, "{goodput} of the capacity with seed {seed}");
        }
        let limit = gradient();
        let report = model.run(Guard::Adaptive(&limit), secs(60));
        let latency = report.latency(2.0..60.0);
        assert!(latency < ms(20), "{latency:?} where a call takes 10 ms alone");
    }
}

#[test]
fn without_a_limit_or_with_a_wrong_one_it_collapses() {
    let model = overloaded();
    let nothing = model.run(Guard::Nothing, secs(20)).goodput(2.0..20.0);
    assert!(nothing < 0.01 * model.capacity(), "{nothing}");

    let too_high = Bulkhead::builder(1_000).build("too high").unwrap();
    let too_high = model.run(Guard::Fixed(&too_high), secs(20)).goodput(2.0..20.0);
    assert!(too_high < 0.1 * model.capacity(), "{too_high}");

    let too_low = Bulkhead::builder(5).build("too low").unwrap();
    let too_low = model.run(Guard::Fixed(&too_low), secs(20)).goodput(2.0..20.0);
    assert!(too_low < 0.3 * model.capacity(), "{too_low}");

    // The right one does as well, as long as nothing changes.
    let right = Bulkhead::builder(35).build("right").unwrap();
    let right = model.run(Guard::Fixed(&right), secs(20)).goodput(2.0..20.0);
    assert!(right > 0.95 * model.capacity(), "{right}");
}

#[test]
fn capacity_that_falls_to_a_third_is_used_and_used_again_when_it_comes_back() {
    let changes = vec![(secs(20), Change::Servers(7)), (secs(50), Change::Servers(20))];
    let model = Model { changes, ..overloaded() };
    for limit in [gradient(), aimd()] {
        let report = model.run(Guard::Adaptive(&limit), secs(80));
        let goodput = |from, to| report.goodput(from..to);
        assert!(goodput(2.0, 20.0) > 1_900.0, "{}", goodput(2.0, 20.0));
        assert!(goodput(22.0, 50.0) > 630.0, "{} of 700", goodput(22.0, 50.0));
        assert!(goodput(53.0, 80.0) > 1_900.0, "{}", goodput(53.0, 80.0));
    }
    let limit = gradient();
    let report = model.run(Guard::Adaptive(&limit), secs(80));
    for (from, to) in [(5.0, 20.0), (25.0, 50.0), (55.0, 80.0)] {
        let latency = report.latency(from..to);
        assert!(latency < ms(22), "{latency:?} from {from} s");
    }
}

#[test]
fn a_server_that_becomes_three_times_as_slow_is_used_and_its_latency_comes_down_when_it_recovers() {
    let changes = vec![(secs(20), Change::Service(ms(30))), (secs(50), Change::Service(ms(10)))];
    let model = Model { changes, patience: ms(300), ..overloaded() };
    let limit = gradient();
    let report = model.run(Guard::Adaptive(&limit), secs(120));
    let slow = report.goodput(25.0..50.0);
    assert!(slow > 600.0, "{slow} of 667");
    assert!(report.latency(25.0..50.0) < ms(65));
    let again = report.goodput(53.0..120.0);
    assert!(again > 1_900.0, "{again}");
    let latency = report.latency(90.0..120.0);
    assert!(latency < ms(22), "{latency:?}");
}

#[test]
fn a_load_that_comes_and_goes_leaves_the_limit_where_it_protects() {
    let changes = vec![(secs(10), Change::Offered(6_000.0)), (secs(40), Change::Offered(1_000.0))];
    let model = Model { changes, ..Model::default() };
    let limit = gradient();
    let report = model.run(Guard::Adaptive(&limit), secs(60));
    assert!(report.goodput(2.0..10.0) > 950.0 && report.goodput(42.0..60.0) > 950.0);
    assert!(report.served(1, 2.0..10.0) > 0.99, "nothing is refused while there is room");
    assert!(report.goodput(12.0..40.0) > 1_900.0);
}

#[test]
fn slow_functions_and_single_servers_are_found_out_too() {
    let slow = Model { service: secs(1), patience: secs(10), offered: 60.0, ..Model::default() };
    let report = slow.run(Guard::Adaptive(&gradient()), secs(300));
    let goodput = report.goodput(20.0..300.0);
    assert!(goodput > 0.9 * slow.capacity(), "{goodput} of 20");

    let single = Model { servers: 1, offered: 300.0, ..Model::default() };
    let report = single.run(Guard::Adaptive(&gradient()), secs(60));
    let goodput = report.goodput(5.0..60.0);
    assert!(goodput > 0.9 * single.capacity(), "{goodput} of 100");

    let large = Model { servers: 500, offered: 150_000.0, ..Model::default() };
    let report = large.run(Guard::Adaptive(&gradient()), secs(10));
    let goodput = report.goodput(4.0..10.0);
    assert!(goodput > 0.9 * large.capacity(), "{goodput} of 50,000");
}

#[test]
fn critical_calls_are_served_while_others_are_shed() {
    // A fifth are critical: 1,200 of the 2,000 that the server can do.
    let model = Model { shares: [0.2, 0.5], ..overloaded() };
    let limit = gradient();
    let report = model.run(Guard::Adaptive(&limit), secs(60));
    let [sheddable, normal, critical] = [0, 1, 2].map(|priority| report.served(priority, 2.0..60.0));
    assert!(critical > 0.97, "{critical}");
    assert!(sheddable < 0.05 && normal > 0.3, "{sheddable} {normal}");
    assert!(report.goodput(2.0..60.0) > 0.95 * model.capacity());
}

#[test]
fn behind_a_throttle_a_server_gets_k_times_what_it_can_do_and_all_again_once_it_recovers() {
    // It rejects what finds 20 waiting; five times as many come as it can do, then fewer than it can do.
    let changes = vec![(secs(60), Change::Offered(1_500.0))];
    let model = Model { offered: 10_000.0, line: Some(20), changes, ..Model::default() };
    let alone = model.run(Guard::Nothing, secs(30)).sent(2.0..30.0);
    assert!(alone > 9_800.0, "{alone}");
    for k in [2.0, 1.5] {
        let throttle = ThrottleConfig::new().k(k).window(secs(10)).build("simulated").unwrap();
        let report = model.run(Guard::Throttle(&throttle), secs(120));
        let sent = report.sent(20.0..60.0) / model.capacity();
        assert!((sent / k - 1.0).abs() < 0.1, "{sent} times the capacity with k = {k}");
        assert!(report.goodput(20.0..60.0) > 0.95 * model.capacity());
        let after = report.served(1, 90.0..120.0);
        assert!(after > 0.99, "{after}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let run = |seed| Model { seed, ..overloaded() }.run(Guard::Adaptive(&gradient()), secs(5)).slices;
    assert_eq!(run(3), run(3));
    assert_ne!(run(3), run(4));
}
