//! From calls to the limit, on a clock moved by hand.

use super::*;
use crate::adaptive_limit::Algorithm;

#[test]
fn the_limit_rises_while_calls_take_no_longer() {
    let (clock, limit) = (ManualClock::new(), limit(AdaptiveLimitConfig::new().initial(4)));
    let _installed = clock.install();
    for _ in 0..100 {
        wave(&limit, &clock, ms(10), Outcome::Success);
    }
    assert!(limit.limit() > 20, "{limit:?}");
    assert_eq!((limit.latency(), limit.baseline(), limit.gradient()), (ms(10), ms(10), 1.0));
}

#[test]
fn the_limit_falls_when_calls_take_longer_and_is_never_below_its_least() {
    let (clock, limit) = (ManualClock::new(), limit(AdaptiveLimitConfig::new().initial(100).min(7)));
    let _installed = clock.install();
    for _ in 0..20 {
        wave(&limit, &clock, ms(10), Outcome::Success);
    }
    let before = limit.limit();
    // The more are in flight, the longer they take.
    for _ in 0..60 {
        wave(&limit, &clock, ms(u64::from(limit.limit()) * 5), Outcome::Success);
    }
    assert!(limit.limit() < before / 4, "{limit:?} after {before}");
    assert!(limit.limit() >= 7);
}

#[test]
fn time_outs_and_refusals_lower_the_limit_and_other_errors_do_not() {
    for algorithm in [Algorithm::Gradient, Algorithm::Aimd] {
        let clock = ManualClock::new();
        let _installed = clock.install();
        let new = || limit(AdaptiveLimitConfig::new().initial(50).algorithm(algorithm));
        let (busy, failing) = (new(), new());
        for _ in 0..30 {
            wave(&busy, &clock, ms(20), Outcome::Overload);
            wave(&failing, &clock, ms(20), Outcome::Ignored);
        }
        assert!(busy.limit() < 25 && busy.overload_count() > 0, "{busy:?}");
        assert_eq!((failing.limit(), failing.latency()), (50, ms(0)));
    }
}

#[test]
fn aimd_falls_when_calls_take_longer_than_the_threshold() {
    let config = AdaptiveLimitConfig::new().algorithm(Algorithm::Aimd).latency_threshold(ms(50));
    let (clock, limit) = (ManualClock::new(), limit(config));
    let _installed = clock.install();
    for _ in 0..30 {
        wave(&limit, &clock, ms(50), Outcome::Success);
    }
    let risen = limit.limit();
    assert!(risen > 20, "{limit:?}");
    for _ in 0..30 {
        wave(&limit, &clock, ms(51), Outcome::Success);
    }
    assert!(limit.limit() < risen / 2, "{limit:?}");
}

#[test]
fn cancelled_and_panicked_calls_give_their_places_back_and_tell_nothing() {
    let (clock, limit) = (ManualClock::new(), limit(AdaptiveLimitConfig::new()));
    let _installed = clock.install();
    for _ in 0..100 {
        let permit = enter(&limit);
        clock.advance(ms(1000));
        drop(permit);
        let panics =
            || limit.call(Priority::Critical, || -> Result<(), crate::Error> { panic!("in the body") });
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
    }
    assert_eq!((limit.in_flight(), limit.limit(), limit.latency()), (0, 20, ms(0)));
}

#[test]
fn where_there_are_many_calls_few_are_timed_and_where_there_are_few_again_all() {
    let (clock, limit) = (ManualClock::new(), limit(AdaptiveLimitConfig::new()));
    let _installed = clock.install();
    let calls = |count: u32, every: Duration| {
        (0..count).for_each(|_| {
            let permit = enter(&limit);
            clock.advance(every);
            permit.overload();
        });
    };
    calls(50_000, Duration::from_micros(10));
    let timed = limit.overload_count();
    // All of the first window, and few of those after it.
    assert!((10_000..12_000).contains(&timed), "{timed} of 50,000");
    calls(10_000, Duration::from_micros(10));
    let more = limit.overload_count() - timed;
    assert!((20..500).contains(&more), "{more} of 10,000");
    // The first that is timed comes late; all after it are.
    calls(200, ms(10));
    let before = limit.overload_count();
    calls(100, ms(10));
    assert_eq!(limit.overload_count() - before, 100);
}

#[test]
fn a_reset_forgets_what_was_measured() {
    let (clock, limit) = (ManualClock::new(), limit(AdaptiveLimitConfig::new()));
    let _installed = clock.install();
    for _ in 0..50 {
        wave(&limit, &clock, ms(10), Outcome::Success);
    }
    assert!(limit.limit() > 20);
    let inside = enter(&limit);
    limit.reset();
    assert_eq!((limit.limit(), limit.latency(), limit.baseline(), limit.in_flight()), (20, ms(0), ms(0), 1));
    inside.success();
    assert_eq!(limit.in_flight(), 0);
}
