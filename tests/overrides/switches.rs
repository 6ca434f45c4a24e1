use mainstay::{
    Error, bulkhead, fallback,
    overrides::{Environment, Values, overrides},
    policies, retry,
};

use crate::InForce;

#[fallback("switches.spare", |_| Ok(0))]
#[bulkhead("switches.places", 1)]
fn enter(again: bool) -> Result<u32, Error> {
    if again { enter_again() } else { Ok(1) }
}

#[bulkhead("switches.places", 1)]
fn enter_again() -> Result<u32, Error> {
    Ok(2)
}

#[retry("switches.again", max_attempts = 3, initial_delay = "0s")]
fn runs(count: &mut u32) -> Result<(), Error> {
    *count += 1;
    Err(Error::timed_out("switches", std::time::Duration::ZERO))
}

fn attempts() -> u32 {
    let mut count = 0;
    let _ = runs(&mut count);
    count
}

#[test]
fn the_master_switch_turns_off_all_but_fallbacks_and_what_says_otherwise() {
    let in_force = InForce::nothing();
    // The only place is taken by the outer call: the fallback answers.
    assert_eq!((enter(true), attempts()), (Ok(0), 3));
    in_force.load(overrides().source(Environment::of([("MAINSTAY_ENABLED", "false")]))).unwrap();
    assert_eq!((enter(true), attempts()), (Ok(2), 1));
    let values = Values::new().enabled(false).kind("retry", "enabled", true);
    in_force.load(overrides().values(values)).unwrap();
    assert_eq!((enter(true), attempts()), (Ok(2), 3));
    let values = Values::new().enabled(false).name("switches.places", "bulkhead", "enabled", true);
    in_force.load(overrides().values(values)).unwrap();
    assert_eq!((enter(true), attempts()), (Ok(0), 1));
    assert_eq!(policies().bulkhead("switches.places").unwrap().in_flight(), 0);
}

#[test]
fn a_fallback_is_switched_off_by_its_own_switch_only() {
    let in_force = InForce::nothing();
    let values = Values::new().name("switches.spare", "fallback", "enabled", false);
    in_force.load(overrides().values(values)).unwrap();
    assert!(matches!(enter(true), Err(Error::BulkheadFull { .. })));
}
