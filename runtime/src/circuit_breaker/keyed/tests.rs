use std::sync::Arc;

use crate::{
    Error,
    circuit_breaker::{CircuitBreaker, CircuitBreakerConfig, KeyedCircuitBreaker, State, Window},
    registry::{Policy, policies},
};

fn config() -> CircuitBreakerConfig {
    CircuitBreaker::builder().failure_threshold(1)
}

fn fail(breakers: &KeyedCircuitBreaker, key: &str) {
    breakers.get(key).admit().unwrap().failure();
}

#[test]
fn each_key_has_a_breaker_of_its_own() {
    let hosts = config().build_keyed("hosts").unwrap();
    fail(&hosts, "a");
    let refused = hosts.get("a").admit().unwrap_err();
    assert!(matches!(refused, Error::CircuitOpen { .. }) && refused.policy() == "hosts");
    assert_eq!(hosts.get("b").state(), State::Closed);
    assert!(Arc::ptr_eq(&hosts.get("a"), &hosts.get(&String::from("a"))));
    assert_eq!(hosts.len(), 2);
}

#[test]
fn a_removed_key_starts_again() {
    let hosts = config().build_keyed("hosts").unwrap();
    fail(&hosts, "a");
    assert!(hosts.remove("a"));
    assert!(!hosts.remove("a"));
    assert!(hosts.is_empty());
    assert_eq!(hosts.get("a").state(), State::Closed);
}

#[test]
fn reset_forgets_all_keys_and_closes_what_is_still_held() {
    let hosts = config().build_keyed("hosts").unwrap();
    fail(&hosts, "a");
    let held = hosts.get("a");
    hosts.reset();
    assert_eq!((hosts.len(), held.state()), (0, State::Closed));
}

#[test]
fn a_million_keys_stay_within_the_bound() {
    let hosts = config().max_keys(5000).build_keyed("hosts").unwrap();
    for key in 0..1_000_000_u32 {
        hosts.get(&key);
        if key % 100_000 == 0 {
            assert!(hosts.len() <= 5000);
        }
    }
    assert!((4900..=5000).contains(&hosts.len()), "{}", hosts.len());
}

#[test]
fn a_small_bound_is_met_exactly() {
    for bound in [1, 2, 3, 1000] {
        let hosts = config().max_keys(bound).build_keyed("hosts").unwrap();
        (0..5000_u32).for_each(|key| drop(hosts.get(&key)));
        assert_eq!(hosts.len(), bound as usize);
    }
}

#[test]
fn a_flood_of_keys_closes_no_open_breaker() {
    for answers in ["nothing", "success", "failure"] {
        let config = CircuitBreaker::builder().failure_threshold(2).max_keys(2000);
        let hosts = config.build_keyed("hosts").unwrap();
        let open: Vec<String> = (0..900).map(|host| format!("open {host}")).collect();
        for host in &open {
            fail(&hosts, host);
            fail(&hosts, host);
        }
        for key in 0..100_000_u32 {
            let breaker = hosts.get(&key);
            match answers {
                "success" => breaker.admit().unwrap().success(),
                "failure" => breaker.admit().unwrap().failure(),
                _ => {}
            }
        }
        assert!(open.iter().all(|host| hosts.get(host).state() == State::Open), "{answers}");
    }
}

#[test]
fn a_flood_of_keys_closes_no_open_breaker_with_windows_either() {
    let config = CircuitBreaker::builder().failure_rate(0.5).window(Window::Count(2)).max_keys(500);
    let hosts = config.build_keyed("hosts").unwrap();
    for host in 0..400 {
        let breaker = hosts.get(&("open", host));
        breaker.admit().unwrap().failure();
        breaker.admit().unwrap().failure();
    }
    for key in 0..20_000_u32 {
        hosts.get(&("flood", key)).admit().unwrap().success();
    }
    assert!((0..400).all(|host| hosts.get(&("open", host)).state() == State::Open));
}

#[test]
fn a_single_closed_breaker_among_open_ones_is_found_and_goes() {
    let hosts = config().max_keys(100).build_keyed("hosts").unwrap();
    (0..50).for_each(|host| fail(&hosts, &format!("open {host}")));
    hosts.get("closed").admit().unwrap().success();
    (50..99).for_each(|host| fail(&hosts, &format!("open {host}")));
    hosts.get("new");
    let open = hosts.states().into_iter().filter(|state| *state == State::Open).count();
    assert_eq!((open, hosts.len()), (99, 100));
}

#[test]
fn where_all_are_open_the_one_not_used_for_longest_goes() {
    let hosts = config().max_keys(3).build_keyed("hosts").unwrap();
    ["a", "b", "c"].iter().for_each(|host| fail(&hosts, host));
    hosts.get("a");
    fail(&hosts, "d");
    let open = |host| hosts.get(host).state() == State::Open;
    assert!(open("a") && open("c") && open("d"));
    assert_eq!(hosts.get("b").state(), State::Closed);
}

#[test]
fn a_breaker_in_use_is_the_last_to_go() {
    let hosts = config().max_keys(4).build_keyed("hosts").unwrap();
    let held = hosts.get("held");
    ["a", "b", "c"].iter().for_each(|host| fail(&hosts, host));
    (0..1000_u32).for_each(|key| drop(hosts.get(&key)));
    assert!(Arc::ptr_eq(&held, &hosts.get("held")));
}

#[test]
fn threads_share_the_breaker_of_a_key() {
    let hosts = CircuitBreaker::builder().failure_threshold(100_000).build_keyed("hosts").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..1000).for_each(|call| fail(&hosts, ["a", "b"][call % 2])));
        }
    });
    assert_eq!((hosts.get("a").failure_count(), hosts.get("b").failure_count()), (4000, 4000));
}

#[test]
fn it_is_found_by_its_name_and_describes_itself() {
    let hosts = config().max_keys(10).register_keyed("breaker.keyed.named").unwrap();
    fail(hosts, "a");
    hosts.get("b");
    let found = policies().keyed_circuit_breaker("breaker.keyed.named").unwrap();
    assert_eq!(found.describe_state(), "2 keys, 1 of them not closed");
    assert!(found.describe_config().ends_with("max_keys = 10"));
    Policy::reset(found);
    assert!(hosts.is_empty());
}

#[test]
fn a_breaker_that_closes_among_open_ones_goes_before_one_in_sixteen_of_them_has() {
    let hosts = config().max_keys(1000).build_keyed("hosts").unwrap();
    (0..1001).for_each(|host| fail(&hosts, &format!("open {host}")));
    hosts.get("open 500").close();
    (0..1000 / 16 + 1).for_each(|host| fail(&hosts, &format!("flood {host}")));
    assert!(hosts.states().iter().all(|state| *state == State::Open));
}
