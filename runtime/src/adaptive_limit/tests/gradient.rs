//! The rule by itself.

use crate::adaptive_limit::{AdaptiveLimitConfig, aimd, gradient::Gradient, window::Summary};

const MS: f64 = 1e6;

fn window(latency: f64, busiest: u32) -> Summary {
    Summary { latency: Some(latency * MS), calls: 100, overloads: 0, slow: 0, busiest }
}

/// Windows of calls that all find the limit used up, with the latency that `of` the limit gives.
fn run(gradient: &mut Gradient, mut limit: f64, windows: u32, of: impl Fn(f64) -> f64) -> f64 {
    let config = AdaptiveLimitConfig::new();
    for _ in 0..windows {
        let in_force = gradient.probing().unwrap_or(limit);
        limit = gradient.next(&config, limit, &window(of(in_force), in_force as u32));
    }
    limit
}

/// The latency in milliseconds of so many servers that take so long.
fn queue(servers: f64, service: f64) -> impl Fn(f64) -> f64 {
    move |limit| service * (limit / servers).max(1.0)
}

#[test]
fn the_limit_settles_where_the_servers_are_busy_and_few_wait() {
    for servers in [10.0, 100.0, 500.0] {
        let mut gradient = Gradient::new();
        let limit = run(&mut gradient, 20.0, 300, queue(servers, 10.0));
        assert!((1.0..3.0).contains(&(limit / servers)), "{limit} for {servers}");
        assert!((9.0..12.0).contains(&(gradient.baseline() / MS)), "{gradient:?}");
    }
}

#[test]
fn the_baseline_stays_however_long_the_overload_lasts() {
    let mut gradient = Gradient::new();
    let early = run(&mut gradient, 20.0, 300, queue(20.0, 10.0));
    let late = run(&mut gradient, early, 20_000, queue(20.0, 10.0));
    assert!((late / early - 1.0).abs() < 0.2, "{early} {late}");
}

#[test]
fn a_server_that_becomes_slower_is_told_from_one_that_is_overloaded() {
    let mut gradient = Gradient::new();
    let before = run(&mut gradient, 20.0, 300, queue(20.0, 10.0));
    // It takes three times as long whatever the limit.
    let after = run(&mut gradient, before, 60, queue(20.0, 30.0));
    assert!((25.0..40.0).contains(&(gradient.baseline() / MS)), "{gradient:?}");
    assert!(after >= 20.0, "{after}");
    // And back again.
    let back = run(&mut gradient, after, 300, queue(20.0, 10.0));
    assert!((9.0..12.0).contains(&(gradient.baseline() / MS)), "{gradient:?}");
    assert!((20.0..50.0).contains(&back), "{back}");
}

#[test]
fn fewer_servers_lower_the_limit_and_not_the_baseline() {
    let mut gradient = Gradient::new();
    let before = run(&mut gradient, 20.0, 300, queue(30.0, 10.0));
    let after = run(&mut gradient, before, 60, queue(10.0, 10.0));
    assert!((10.0..30.0).contains(&after), "{after}");
    assert!((9.0..13.0).contains(&(gradient.baseline() / MS)), "{gradient:?}");
}

#[test]
fn a_limit_that_is_not_used_up_does_not_move() {
    let (mut gradient, config) = (Gradient::new(), AdaptiveLimitConfig::new());
    let mut limit = 100.0;
    for latency in [10.0, 40.0, 10.0, 5.0, 200.0] {
        limit = gradient.next(&config, limit, &window(latency, 49));
    }
    assert_eq!(limit, 100.0);
}

#[test]
fn overloads_lower_the_limit_by_their_share() {
    let (mut gradient, config) = (Gradient::new(), AdaptiveLimitConfig::new());
    let some = |overloads| Summary { overloads, ..window(10.0, 100) };
    let limit = gradient.next(&config, 100.0, &some(40));
    assert_eq!(gradient.last(), 0.6);
    assert!(limit < 100.0);
    let none_answered = Summary { latency: None, ..some(100) };
    gradient.next(&config, limit, &none_answered);
    assert_eq!(gradient.last(), 0.5);
}

#[test]
fn whatever_is_measured_the_limit_stays_within_its_bounds() {
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..200 {
        let (least, most) = (random.u32(1..50), random.u32(50..500));
        let config = AdaptiveLimitConfig::new().min(least).max(most);
        let (mut gradient, mut by_gradient, mut by_aimd) =
            (Gradient::new(), f64::from(least), f64::from(most));
        for _ in 0..500 {
            let calls = random.u32(1..200);
            let latency = random.bool().then(|| random.f64() * 10_f64.powi(random.i32(0..12)));
            let (overloads, slow) = (random.u32(0..=calls), random.u32(0..=calls));
            let window = Summary { latency, calls, overloads, slow, busiest: random.u32(1..600) };
            by_gradient = gradient.next(&config, by_gradient, &window);
            by_aimd = aimd::next(&config, by_aimd, &window);
            for limit in [by_gradient, by_aimd] {
                assert!(
                    (f64::from(least)..=f64::from(most)).contains(&limit),
                    "{limit} {config:?} {window:?}"
                );
            }
            assert!((0.5..=1.0).contains(&gradient.last()), "{gradient:?}");
        }
    }
}

#[test]
fn aimd_adds_one_and_takes_a_tenth() {
    let config = AdaptiveLimitConfig::new();
    let fine = window(10.0, 50);
    assert_eq!(aimd::next(&config, 100.0, &fine), 101.0);
    assert_eq!(aimd::next(&config, 101.0, &window(10.0, 50)), 101.0);
    assert_eq!(aimd::next(&config, 100.0, &Summary { overloads: 9, ..fine }), 101.0);
    assert_eq!(aimd::next(&config, 100.0, &Summary { overloads: 10, ..fine }), 90.0);
    assert_eq!(aimd::next(&config, 100.0, &Summary { overloads: 5, slow: 5, ..fine }), 90.0);
}
