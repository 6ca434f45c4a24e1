//! R28, R73: thresholds, rate and burst from the environment. R263: policies configured by name.

use std::time::Duration;

use mainstay::{
    Error, circuit_breaker,
    overrides::{Environment, Values, overrides},
    policies, rate_limit, retry,
};
use mainstay_testkit::ManualClock;

use crate::InForce;

#[circuit_breaker("rows.bank", failure_threshold = 9, timeout = "10s")]
fn charge(works: bool) -> Result<(), Error> {
    if works { Ok(()) } else { Err(Error::timed_out("bank", Duration::from_secs(1))) }
}

#[circuit_breaker("rows.rates", failure_rate = 0.5, window = 10)]
fn charge_by_rates() -> Result<(), Error> {
    Ok(())
}

#[rate_limit("rows.search", "1/s")]
fn search() -> Result<(), Error> {
    Ok(())
}

#[test]
fn the_bare_variables_of_circuit_breakers_set_all_of_them() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let in_force = InForce::nothing();
    let variables = [("CIRCUIT_BREAKER_FAILURE_THRESHOLD", "2"), ("CIRCUIT_BREAKER_TIMEOUT", "60")];
    in_force.load(overrides().source(Environment::of(variables))).unwrap();
    let breaker = policies().circuit_breaker("rows.bank").unwrap();
    breaker.reset();
    // One that goes by rates has no failures in a row to count, and keeps its rate.
    assert!(charge_by_rates().is_ok());
    let explained = policies().explain();
    let by_rates = explained.find("circuit_breaker", "rows.rates").unwrap();
    assert!(!by_rates.option("failure_threshold").unwrap().is_set);
    assert_eq!(by_rates.option("timeout").unwrap().value, "60s");
    (0..2).for_each(|_| assert!(charge(false).is_err()));
    assert_eq!(charge(true).unwrap_err().kind(), mainstay::Kind::CircuitOpen);
    clock.advance(Duration::from_secs(59));
    assert!(charge(true).is_err());
    clock.advance(Duration::from_secs(1));
    assert!(charge(true).is_ok());
    breaker.reset();
}

#[test]
fn the_bare_variables_of_rate_limits_set_all_of_them() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let in_force = InForce::nothing();
    let variables = [("RATE_LIMIT_REQUESTS_PER_SECOND", "100"), ("RATE_LIMIT_BURST_SIZE", "200")];
    in_force.load(overrides().source(Environment::of(variables))).unwrap();
    policies().rate_limiter("rows.search").unwrap().reset();
    assert_eq!((0..500).filter(|_| search().is_ok()).count(), 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!((0..500).filter(|_| search().is_ok()).count(), 100);
}

#[test]
fn those_with_our_prefix_go_before_the_bare_ones() {
    let in_force = InForce::nothing();
    let variables = [("CIRCUIT_BREAKER_TIMEOUT", "60"), ("MAINSTAY_CIRCUIT_BREAKER_TIMEOUT", "1m30s")];
    in_force.load(overrides().source(Environment::of(variables))).unwrap();
    let explained = policies().explain();
    let timeout = explained.find("circuit_breaker", "rows.bank").unwrap().option("timeout").unwrap();
    assert_eq!(
        (timeout.value.as_str(), timeout.origin.place()),
        ("90s", Some("MAINSTAY_CIRCUIT_BREAKER_TIMEOUT"))
    );
}

/// Counts how often its body runs.
#[retry("rows.quotes", max_attempts = 2, initial_delay = "0s")]
fn quote(runs: &mut u32) -> Result<u32, Error> {
    *runs += 1;
    Err(Error::timed_out("quotes", Duration::from_secs(1)))
}

#[test]
fn a_policy_is_set_by_its_name_and_follows_at_the_next_call() {
    let in_force = InForce::nothing();
    let runs = || {
        let mut runs = 0;
        let _ = quote(&mut runs);
        runs
    };
    assert_eq!(runs(), 2);
    for attempts in [5, 1, 3] {
        let values = Values::new().name("rows.quotes", "retry", "max_attempts", attempts);
        in_force.load(overrides().values(values)).unwrap();
        assert_eq!(runs(), attempts);
    }
    in_force.load(overrides()).unwrap();
    assert_eq!(runs(), 2);
}
