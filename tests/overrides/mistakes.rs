use mainstay::{
    Error, bulkhead, circuit_breaker, idempotent,
    overrides::{Environment, Values, overrides},
    policies,
};

use crate::InForce;

#[circuit_breaker("mistakes.bank")]
#[bulkhead("mistakes.bank", 4)]
fn charge() -> Result<(), Error> {
    Ok(())
}

#[idempotent("mistakes.transfers", key = order)]
fn transfer(order: u64) -> Result<u64, Error> {
    Ok(order)
}

#[test]
fn each_names_its_place_and_what_to_write_and_nothing_is_set() {
    let in_force = InForce::nothing();
    assert_eq!((charge(), transfer(1)), (Ok(()), Ok(1)));
    let variables = [
        ("MAINSTAY_MISTAKES_BANK_BULKHEAD_LIMIT", "2"),
        ("MAINSTAY_MISTAKES_BANK_CIRCUIT_BREAKER_TIMEOUT", "ten seconds"),
        ("MAINSTAY_MISTAKES_BANK_CIRCUIT_BRAKER_TIMEOUT", "10s"),
        ("MAINSTAY_CIRCUIT_BREAKER_FAILURE_RATE", "50"),
    ];
    let error = in_force.load(overrides().source(Environment::of(variables))).unwrap_err();
    let told = error.to_string();
    for part in [
        "MAINSTAY_MISTAKES_BANK_CIRCUIT_BREAKER_TIMEOUT: policies.mistakes.bank.circuit_breaker.timeout: ",
        "did you mean `MAINSTAY_MISTAKES_BANK_CIRCUIT_BREAKER_TIMEOUT`?",
        "MAINSTAY_CIRCUIT_BREAKER_FAILURE_RATE: kinds.circuit_breaker.failure_rate: `50`",
        "write 0.5",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(error.problems().len(), 3);
    assert_eq!(policies().bulkhead("mistakes.bank").unwrap().limit(), 4);
}

#[test]
fn what_keeps_calls_from_running_twice_is_not_switched_off() {
    let in_force = InForce::nothing();
    let values = Values::new().kind("idempotent", "enabled", false);
    let error = in_force.load(overrides().values(values)).unwrap_err();
    assert!(error.to_string().contains("cannot be switched off"), "{error}");
    in_force.load(overrides().source(Environment::of([("MAINSTAY_ENABLED", "false")]))).unwrap();
    assert_eq!((transfer(2), transfer(2)), (Ok(2), Ok(2)));
    assert!(policies().idempotency("mistakes.transfers").unwrap().replayed_count() >= 1);
}

#[test]
fn the_rules_of_a_policy_hold_for_what_is_set() {
    let in_force = InForce::nothing();
    for (option, value, part) in [("limit", "0", "let at least 1 in"), ("max_queue", "-1", "no whole number")]
    {
        let values = Values::new().name("mistakes.bank", "bulkhead", option, value);
        let error = in_force.load(overrides().values(values)).unwrap_err().to_string();
        assert!(error.contains(part) && error.contains("tests/overrides/mistakes.rs:"), "{error}");
    }
}
