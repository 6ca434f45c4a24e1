use std::time::Duration;

use super::*;
use crate::{
    ConfigError, Kind, Name,
    registry::{Policy, policies},
};

#[test]
fn a_limit_of_zero_is_refused_with_advice() {
    let error = BulkheadConfig::new(0).build("zero").unwrap_err();
    assert_eq!(error.to_string(), "`limit`: no call could ever enter; let at least 1 in");
}

#[test]
fn a_wait_in_a_queue_of_zero_is_refused_with_advice() {
    let config = BulkheadConfig::new(1).max_queue(0);
    assert_eq!(config.check(), Ok(()));
    let error: ConfigError = config.max_wait(Duration::from_secs(1)).check().unwrap_err();
    assert_eq!(error.option(), "max_queue");
    assert_eq!(BulkheadConfig::new(1).max_queue(4).max_wait(Duration::ZERO).check(), Ok(()));
}

#[test]
fn a_configuration_is_checked_when_compiled() {
    const CONFIG: BulkheadConfig = BulkheadConfig::new(2).max_wait(Duration::from_secs(1)).checked();
    static BULKHEAD: Bulkhead = Bulkhead::from_static("in a static", CONFIG);
    let _first: BulkheadPermit<'static> = BULKHEAD.try_enter().unwrap();
    assert_eq!((BULKHEAD.name(), BULKHEAD.in_flight(), BULKHEAD.available()), ("in a static", 1, 1));
}

#[test]
#[should_panic(expected = "let at least 1 in")]
fn an_unchecked_mistake_stops_the_compiler() {
    let _ = BulkheadConfig::new(0).checked();
}

#[test]
fn a_bulkhead_describes_itself() {
    let bulkhead = bulkhead(BulkheadConfig::new(3).max_wait(Duration::from_millis(250)).max_queue(7));
    let _permit = bulkhead.try_enter().unwrap();
    assert_eq!(bulkhead.describe_config(), "limit 3, max_wait 250ms, max_queue 7");
    assert_eq!(bulkhead.describe_state(), "1 of 3 in flight, 0 waiting");
    assert_eq!(Policy::name(&bulkhead), &Name::from("test"));
}

#[test]
fn the_same_name_is_the_same_bulkhead() {
    let first = Bulkhead::builder(2).register("bulkhead.shared").unwrap();
    let second = Bulkhead::builder(2).register("bulkhead.shared").unwrap();
    assert!(std::ptr::eq(first, second));
    assert!(std::ptr::eq(first, policies().bulkhead("bulkhead.shared").unwrap()));
    let _permit = first.try_enter().unwrap();
    first.set_limit(9).unwrap();
    Policy::reset(second);
    assert_eq!((second.limit(), second.in_flight()), (2, 1));
}

#[test]
fn two_configurations_under_one_name_differ() {
    let one = Bulkhead::builder(2).build("x").unwrap();
    let live = Bulkhead::builder(2).build("x").unwrap();
    live.set_limit(5).unwrap();
    assert!(one.same_config(&live), "the live limit is no configuration");
    assert!(!one.same_config(&Bulkhead::builder(2).max_queue(1).build("x").unwrap()));
}

#[test]
fn a_refusal_names_the_bulkhead_and_its_limit() {
    let bulkhead = bulkhead(BulkheadConfig::new(1));
    let _permit = bulkhead.try_enter().unwrap();
    let error = bulkhead.try_enter().unwrap_err();
    assert_eq!((error.kind(), error.policy()), (Kind::BulkheadFull, "test"));
    assert_eq!(error.to_string(), "bulkhead `test` is full: 1 call is in flight");
}
