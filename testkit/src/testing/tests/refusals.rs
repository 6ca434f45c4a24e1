use std::time::Duration;

use mainstay_runtime::{
    Error, Kind,
    budget::Budget,
    circuit_breaker::CircuitBreaker,
    deadline,
    idempotent::{Idempotency, InFlight, OnDuplicate},
    rate_limit::{Rate, RateLimitConfig, RateLimiter},
    registry::policies,
    retry::{Jitter, Retry},
    throttle::Throttle,
    timeout::Timeout,
};

use super::panic_of;
use crate::testing;

#[test]
fn a_closed_throttle_refuses_every_call_until_it_is_released_or_the_scope_ends() {
    let throttle = Throttle::builder().register("refusals.throttle").unwrap();
    let call = || throttle.call(|| Ok::<_, Error>(())).map_err(|error| error.kind());
    let scope = testing::scope();
    scope.close_throttle("refusals.throttle");
    assert!((0..1000).all(|_| call() == Err(Kind::ClientThrottled)));
    let refused = scope.assert("refusals.throttle").refused(1000).reading("throttled", 1000);
    refused.refused_as(Kind::ClientThrottled, 1000).refused_as(Kind::CircuitOpen, 0);
    scope.release("refusals.throttle");
    assert_eq!((call(), throttle.rejection_rate()), (Ok(()), 0.0));
    scope.close_throttle("refusals.throttle");
    drop(scope);
    assert_eq!(call(), Ok(()));
}

#[test]
fn a_closed_throttle_stays_closed_as_time_goes_on_and_is_open_while_switched_off() {
    let throttle = Throttle::builder().register("refusals.switched").unwrap();
    let scope = testing::scope();
    scope.close_throttle("refusals.switched");
    mainstay_runtime::clock::sleep_blocking(Duration::from_secs(3600));
    throttle.call(|| Ok::<_, Error>(())).unwrap_err();
    scope.set("refusals.switched", "throttle", "enabled", false);
    assert!(throttle.call(|| Ok::<_, Error>(())).is_ok());
}

#[test]
fn a_spent_budget_permits_no_further_attempt() {
    let budget = Budget::builder().ratio(0.5).floor(1.0).register("refusals.budget").unwrap();
    let retry = Retry::builder().max_attempts(3).jitter(Jitter::None).initial_delay(Duration::from_millis(1));
    let retry = retry.budget(budget).register("refusals.budget").unwrap();
    let scope = testing::scope();
    scope.spend_budget("refusals.budget");
    assert_eq!(budget.available(), 0);
    let mut attempts = 0;
    let failed = retry.call(|| {
        attempts += 1;
        Err::<(), _>("down")
    });
    assert_eq!((failed, attempts), (Err("down"), 1));
    scope.assert("refusals.budget").out_of_budget(1).retries(0);
    scope.release("refusals.budget");
    assert_eq!(budget.available(), 10);
    // Switched off it permits all, and this ends all the same.
    scope.set("refusals.budget", "budget", "enabled", false);
    scope.spend_budget("refusals.budget");
    assert!(budget.withdraw());
}

#[test]
fn a_claimed_key_is_in_flight_until_it_is_released() {
    let orders = Idempotency::builder().in_flight(InFlight::Reject).register("refusals.claimed").unwrap();
    let order = |key: &str| orders.call(key, || Ok::<_, Error>(7)).map_err(|error| error.kind());
    let scope = testing::scope();
    scope.claim_key("refusals.claimed", "a");
    assert_eq!((order("a"), order("b")), (Err(Kind::InFlight), Ok(7)));
    scope.assert("refusals.claimed").refused_as(Kind::InFlight, 1).reading("run", 1);
    let taken = panic_of(|| scope.claim_key("refusals.claimed", "b"));
    assert!(taken.contains("a call runs or has run under that key"), "{taken}");
    scope.release("refusals.claimed");
    assert_eq!(order("a"), Ok(7));
}

/// What the guide's table of refusals says beside the forced states.
#[tokio::test(start_paused = true)]
async fn the_other_refusals_come_by_what_is_called() {
    let limit = Timeout::builder(Duration::from_secs(1)).register("refusals.other").unwrap();
    let rate = RateLimiter::builder(Rate::per_second(5)).register("refusals.other").unwrap();
    let orders = Idempotency::builder().on_duplicate(OnDuplicate::Error).register("refusals.other").unwrap();
    let scope = testing::scope_of(["refusals.other"]);
    let call = || limit.call_async(|| async { Ok::<_, Error>(()) });
    let late = deadline::scope(Duration::ZERO, call()).await.unwrap_err();
    let large = rate.try_acquire(6.0).unwrap_err();
    let order = |payload: u32| orders.key("a").fingerprint(&payload).call(|| Ok::<_, Error>(payload));
    assert_eq!(order(1), Ok(1));
    let (again, other) = (order(1).unwrap_err(), order(2).unwrap_err());
    let kinds = [late, large, again, other].map(|error| error.kind());
    assert_eq!(kinds, [Kind::DeadlineExceeded, Kind::ExceedsBurst, Kind::Duplicate, Kind::KeyReused]);
    for kind in kinds {
        scope.assert("refusals.other").refused_as(kind, 1);
    }
}

#[test]
fn what_is_forced_in_another_way_is_told_how() {
    CircuitBreaker::builder().register_keyed("refusals.keyed").unwrap();
    RateLimiter::builder(Rate::per_second(5)).register("refusals.plain").unwrap();
    RateLimitConfig::new(Rate::per_second(5)).register_keyed("refusals.keyed").unwrap();
    let scope = testing::scope();
    let told = [
        panic_of(|| scope.open_breaker("refusals.keyed")),
        panic_of(|| scope.empty_rate_limit("refusals.keyed")),
        panic_of(|| scope.empty_rate_limit_of("refusals.plain", &1)),
        panic_of(|| scope.spend_budget("refusals.none")),
        panic_of(|| scope.close_throttle("refusals.none")),
    ];
    for (told, expected) in told.iter().zip([
        "write `open_breaker_of(\"refusals.keyed\", &key)`",
        "write `empty_rate_limit_of(\"refusals.keyed\", &key)`",
        "write `empty_rate_limit(\"refusals.plain\")`",
        "there is no budget of the name `refusals.none`",
        "there is no `#[throttle]` of the name `refusals.none`",
    ]) {
        assert!(told.contains(expected), "{told}");
    }
    assert!(policies().budget("refusals.none").is_none());
}
