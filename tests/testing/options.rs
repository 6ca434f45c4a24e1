use std::time::Duration;

use mainstay::{Error, Kind, bulkhead, chaos, circuit_breaker, policies, retry, testing, timeout};

#[retry("options.all", max_attempts = 2, initial_delay = "1s", jitter = none)]
#[circuit_breaker("options.all", failure_threshold = 10)]
#[bulkhead("options.all", 3)]
#[timeout("options.all", "5s")]
#[chaos("options.all")]
async fn call() -> Result<(), Error> {
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn options_of_every_kind_are_set_for_one_test() {
    {
        let scope = testing::scope_of(["options.all"]);
        scope.set("options.all", "retry", "max_attempts", 4);
        scope.set("options.all", "timeout", "limit", "2s");
        scope.set("options.all", "circuit_breaker", "failure_threshold", 4);
        scope.chaos("options.all").hang_for_good();
        assert_eq!(call().await.unwrap_err().kind(), Kind::TimedOut);
        assert_eq!(scope.elapsed(), Duration::from_secs(4 * 2 + 1 + 2 + 4));
        scope.assert("options.all").attempts(4).retries(3).timed_out(4).opened_once();
    }
    let scope = testing::scope_of(["options.all"]);
    scope.chaos("options.all").hang_for_good();
    assert!(call().await.is_err());
    scope.assert("options.all").attempts(2).timed_out(2).opened(0);
    assert_eq!(scope.elapsed(), Duration::from_secs(2 * 5 + 1));
}

#[tokio::test]
async fn a_policy_is_switched_off_for_one_test() {
    let scope = testing::scope_of(["options.all"]);
    scope.set("options.all", "bulkhead", "enabled", false);
    scope.set("options.all", "retry", "enabled", false);
    scope.chaos("options.all").fail(1);
    assert_eq!(call().await.unwrap_err().kind(), Kind::Injected);
    scope.assert("options.all").attempts(1).retries(0);
    drop(scope);
    assert_eq!(policies().bulkhead("options.all").unwrap().limit(), 3);
}
