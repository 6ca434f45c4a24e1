use mainstay::{
    Error, Kind, bulkhead, chaos, circuit_breaker, fallback, policies, rate_limit, retry, testing,
};

#[fallback("stacks.sync", |_| Ok("shelf"))]
#[retry("stacks.sync", max_attempts = 3, initial_delay = "10s")]
#[circuit_breaker("stacks.sync")]
#[rate_limit("stacks.sync", "10/s")]
#[bulkhead("stacks.sync", 2)]
#[chaos("stacks.sync")]
fn get() -> Result<&'static str, Error> {
    Ok("fresh")
}

#[test]
fn each_forced_state_is_met_and_gone_after_the_scope() {
    for force in [
        (|scope: &testing::Scope| scope.open_breaker("stacks.sync")) as fn(&testing::Scope),
        |scope| scope.fill_bulkhead("stacks.sync"),
        |scope| scope.empty_rate_limit("stacks.sync"),
    ] {
        let scope = testing::scope();
        force(&scope);
        assert_eq!(get(), Ok("shelf"));
        scope.assert("stacks.sync").attempts(0).refused(1).fell_back(1);
        drop(scope);
        assert_eq!(get(), Ok("fresh"));
    }
    assert_eq!(policies().bulkhead("stacks.sync").unwrap().in_flight(), 0);
}

#[test]
fn sync_faults_are_ridden_out_in_no_time() {
    let scope = testing::scope_of(["stacks.sync"]);
    scope.chaos("stacks.sync").fail(1).fail_with(1, Error::timed_out("theirs", std::time::Duration::ZERO));
    assert_eq!(get(), Ok("fresh"));
    scope.assert("stacks.sync").attempts(3).retries(2).fell_back(0).injected(2);
}

#[test]
fn tests_without_a_scope_meet_no_fault_of_another_test() {
    let scope = testing::scope();
    scope.chaos("stacks.sync").fail_for_good();
    let other = std::thread::spawn(get).join().unwrap();
    assert_ne!(other, Err(Error::injected("stacks.sync", 1)));
    scope.assert("stacks.sync").attempts(0).injected(0);
    assert_eq!(get().map_err(|error| error.kind()), Ok::<_, Kind>("shelf"));
}
