use std::sync::{Arc, Mutex};

use super::{Order, policies};
use crate::{
    bulkhead::BulkheadConfig,
    circuit_breaker::{CircuitBreaker, State},
    idempotent::Idempotency,
    observe::{self, Event},
};

#[test]
fn every_policy_is_listed_with_its_kind_and_once() {
    BulkheadConfig::new(2).register("registry.all").unwrap();
    CircuitBreaker::builder().register_keyed("registry.all").unwrap();
    let all = policies().all();
    let kinds: Vec<_> = all
        .iter()
        .filter(|listed| listed.name() == "registry.all")
        .map(|listed| listed.policy().kind())
        .collect();
    assert_eq!(kinds, ["keyed_circuit_breaker", "bulkhead"]);
}

#[test]
fn an_order_is_done_and_told_and_one_that_a_kind_does_not_know_is_neither() {
    CircuitBreaker::builder().register("registry.orders").unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    let _listening = observe::listen(move |event| {
        if let Event::Ordered { policy: "registry.orders", order, by, .. } = event {
            ears.lock().unwrap().push((*order, (*by).to_owned()));
        }
    });
    let all = policies().all();
    let find = |kind: &str| {
        all.iter()
            .map(super::Listed::policy)
            .find(|policy| policy.kind() == kind && policy.name() == "registry.orders")
    };
    let breaker = find("circuit_breaker").unwrap();
    assert!(breaker.order(Order::ForceOpen, "a test"));
    assert_eq!(breaker.phase(), Some("forced_open"));
    assert!(breaker.order(Order::Enable, "a test"));
    assert_eq!(breaker.phase(), Some("closed"));
    assert_eq!(breaker.changes().len(), 2);
    let told = heard.lock().unwrap().clone();
    assert_eq!(told, [(Order::ForceOpen, "a test".to_owned()), (Order::Enable, "a test".to_owned())]);
    // Calls under forgotten keys would run again.
    let keys: &dyn super::AnyPolicy =
        Box::leak(Box::new(Idempotency::builder().build("registry.keys").unwrap()));
    assert!(keys.orders().is_empty() && !keys.order(Order::Reset, "a test"));
}

#[test]
fn a_breaker_keeps_its_latest_changes_and_one_of_a_key_none() {
    let breaker = CircuitBreaker::builder().build("registry.changes").unwrap();
    for _ in 0..40 {
        breaker.force_open();
        breaker.resume();
    }
    let changes = breaker.changes();
    assert_eq!(changes.len(), 32);
    assert!(changes.windows(2).all(|two| two[0].at <= two[1].at && two[0].to == two[1].from));
    assert_eq!(changes.last().map(|change| change.to), Some(State::Closed));
    let keyed = CircuitBreaker::builder().build_keyed("registry.changes").unwrap();
    let of_key = keyed.get("a");
    of_key.force_open();
    assert!(of_key.changes().is_empty());
}
