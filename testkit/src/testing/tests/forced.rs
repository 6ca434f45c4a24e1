use mainstay_runtime::{
    Error, Kind,
    adaptive_limit::{AdaptiveLimit, Algorithm, Priority},
    bulkhead::Bulkhead,
    chaos::Chaos,
    circuit_breaker::{CircuitBreaker, State},
    clock,
    rate_limit::{Rate, RateLimiter},
    throttle::Throttle,
    timeout::Timeout,
};

use super::panic_of;
use crate::testing;

#[test]
fn a_breaker_is_open_and_closed_again_at_the_end() {
    let breaker = CircuitBreaker::builder().register("forced.breaker").unwrap();
    let call = || breaker.call(|| Ok::<_, Error>(())).map_err(|error| error.kind());
    {
        let scope = testing::scope();
        scope.open_breaker("forced.breaker");
        assert_eq!(call(), Err(Kind::CircuitOpen));
        scope.assert("forced.breaker").refused(1).opened(0);
        scope.release("forced.breaker");
        assert_eq!(call(), Ok(()));
        scope.open_breaker("forced.breaker");
    }
    assert_eq!((call(), breaker.state()), (Ok(()), State::Closed));
}

#[test]
fn one_key_s_breaker_is_open_and_the_others_are_not() {
    let breakers = CircuitBreaker::builder().register_keyed("forced.keys").unwrap();
    let scope = testing::scope();
    scope.open_breaker_of("forced.keys", "a");
    assert_eq!([breakers.get("a").state(), breakers.get("b").state()], [State::ForcedOpen, State::Closed]);
    drop(scope);
    assert_eq!(breakers.get("a").state(), State::Closed);
}

#[test]
fn a_bulkhead_is_full_until_it_is_released() {
    let bulkhead = Bulkhead::builder(3).register("forced.bulkhead").unwrap();
    let scope = testing::scope();
    scope.fill_bulkhead("forced.bulkhead");
    assert_eq!((bulkhead.in_flight(), bulkhead.try_enter().unwrap_err().kind()), (3, Kind::BulkheadFull));
    scope.release("forced.bulkhead");
    assert_eq!(bulkhead.in_flight(), 0);
    scope.fill_bulkhead("forced.bulkhead");
    drop(scope);
    assert_eq!(bulkhead.in_flight(), 0);
}

#[test]
fn an_adaptive_limit_is_full_until_it_is_released() {
    let limit = AdaptiveLimit::builder().initial(5).register("forced.adaptive").unwrap();
    let call = || limit.call(Priority::Critical, || Ok::<_, Error>(())).map_err(|error| error.kind());
    let scope = testing::scope();
    scope.fill_adaptive_limit("forced.adaptive");
    assert_eq!((limit.in_flight(), call()), (5, Err(Kind::ConcurrencyLimited)));
    scope.assert("forced.adaptive").refused(1).reading("permitted", 0);
    scope.release("forced.adaptive");
    assert_eq!((limit.in_flight(), call()), (0, Ok(())));
    scope.fill_adaptive_limit("forced.adaptive");
    drop(scope);
    assert_eq!((limit.in_flight(), limit.limit()), (0, 5));
    // Switched off it has no places, and this ends all the same.
    let scope = testing::scope();
    scope.set("forced.adaptive", "adaptive_limit", "enabled", false);
    scope.fill_adaptive_limit("forced.adaptive");
    assert_eq!((limit.in_flight(), call()), (0, Ok(())));
}

#[test]
fn what_limits_and_throttles_have_learnt_is_forgotten_by_who_holds_the_name() {
    let limit = AdaptiveLimit::builder().algorithm(Algorithm::Aimd).initial(50);
    let limit = limit.register("forced.learnt").unwrap();
    let throttle = Throttle::builder().register("forced.learnt").unwrap();
    {
        let _scope = testing::scope_of(["forced.learnt"]);
        for _ in 0..2000 {
            let permits = [(); 10].map(|()| limit.try_enter(Priority::Critical));
            clock::sleep_blocking(std::time::Duration::from_millis(50));
            permits.into_iter().flatten().for_each(mainstay_runtime::adaptive_limit::Permit::overload);
            throttle.admit().into_iter().for_each(mainstay_runtime::throttle::Permit::rejected);
        }
        assert!(limit.limit() < 50 && throttle.rejection_rate() > 0.5);
    }
    let scope = testing::scope();
    scope.hold("forced.learnt");
    assert_eq!((limit.limit(), throttle.rejection_rate()), (50, 0.0));
}

#[test]
fn a_rate_limit_is_empty_and_fills_as_time_goes_on() {
    let second = std::time::Duration::from_secs(1);
    let limit = RateLimiter::builder(Rate::per_second(5)).register("forced.limit").unwrap();
    let scope = testing::scope();
    scope.empty_rate_limit("forced.limit");
    assert_eq!(limit.try_acquire(1.0).unwrap_err().kind(), Kind::RateLimited);
    clock::sleep_blocking(second);
    assert!(limit.try_acquire(5.0).is_ok());
    drop(scope);
    assert_eq!(limit.available_tokens(), 5.0);
    let keyed = RateLimiter::builder(Rate::per_second(5)).register_keyed("forced.keyed").unwrap();
    let scope = testing::scope();
    scope.empty_rate_limit_of("forced.keyed", &7);
    assert_eq!((keyed.try_acquire(&7, 1.0).is_ok(), keyed.try_acquire(&8, 1.0).is_ok()), (false, true));
}

#[test]
fn an_option_is_set_for_the_time_of_the_scope() {
    let chaos = Chaos::builder().error_rate(0.1).register("forced.option").unwrap();
    {
        let scope = testing::scope();
        scope.set("forced.option", "chaos", "error_rate", 1.0);
        scope.set("forced.option", "chaos", "enabled", true);
        assert!(chaos.call(|| Ok::<_, Error>(())).is_err());
        scope.assert("forced.option").injected(1);
    }
    assert!(chaos.call(|| Ok::<_, Error>(())).is_ok());
    assert_eq!((chaos.is_on(), chaos.config().to_string()), (false, "error_rate 0.1".to_owned()));
}

#[test]
fn what_cannot_be_forced_is_told_with_what_can() {
    CircuitBreaker::builder().register("forced.known").unwrap();
    Chaos::builder().register("forced.known").unwrap();
    let scope = testing::scope();
    let unknown = panic_of(|| scope.open_breaker("forced.unknown"));
    assert!(
        unknown.starts_with("there is no `#[circuit_breaker]` of the name `forced.unknown`"),
        "{unknown}"
    );
    assert!(unknown.contains("`forced.known`"), "{unknown}");
    let option = panic_of(|| scope.set("forced.known", "chaos", "error_ratio", 1.0));
    assert!(option.contains("has no option `error_ratio`: it takes `latency`"), "{option}");
    let value = panic_of(|| scope.set("forced.known", "chaos", "error_rate", "often"));
    assert!(value.starts_with("chaos `forced.known`, `error_rate`: `often`"), "{value}");
    let whole = panic_of(|| scope.set("forced.known", "chaos", "latency_rate", 0.5));
    assert!(whole.contains("late by how much?"), "{whole}");
}

#[tokio::test(start_paused = true)]
async fn the_next_calls_meet_what_is_planned_in_that_order() {
    let second = std::time::Duration::from_secs(1);
    let chaos = Chaos::builder().register("forced.faults").unwrap();
    let limit = Timeout::builder(second).register("forced.limit_of_faults").unwrap();
    let scope = testing::scope();
    let faults = scope.chaos("forced.faults");
    let faults =
        faults.fail(1).fail_with(1, Error::rate_limited("theirs", second)).delay(1, second / 2).hang(1);
    assert_eq!((faults.left(), faults.calls()), (4, 0));
    let call = || limit.call_async(|| chaos.call_async(|| async { Ok::<_, Error>(()) }));
    let mut kinds = Vec::new();
    for _ in 0..5 {
        kinds.push(call().await.map_err(|error| error.kind()));
    }
    assert_eq!(kinds, [Err(Kind::Injected), Err(Kind::RateLimited), Ok(()), Err(Kind::TimedOut), Ok(())]);
    assert_eq!(scope.elapsed(), second / 2 + second);
    let story = ["injected: error", "injected: error", "injected: latency", "injected: drop"];
    scope.assert("forced.faults").attempts(5).injected(4).story(&story);
    scope.assert("forced.limit_of_faults").timed_out(1);
    assert_eq!(scope.chaos("forced.faults").fail_for_good().clear().left(), 0);
}
