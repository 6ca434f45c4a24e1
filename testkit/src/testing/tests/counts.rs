use std::time::Duration;

use mainstay_runtime::{
    Error,
    cached::{Cache, CacheConfig},
    chaos::Chaos,
    circuit_breaker::CircuitBreaker,
    retry::{Jitter, Retry},
};

use super::panic_of;
use crate::testing;

const MS: Duration = Duration::from_millis(1);

fn retry(name: &'static str) -> &'static Retry {
    Retry::builder().max_attempts(3).initial_delay(100 * MS).jitter(Jitter::None).register(name).unwrap()
}

#[tokio::test]
async fn attempts_retries_and_openings_are_counted_by_name() {
    let (retry, chaos) = (retry("counts.pay"), Chaos::builder().register("counts.pay").unwrap());
    let breaker = CircuitBreaker::builder().failure_threshold(3).register("counts.pay").unwrap();
    let scope = testing::scope_of(["counts.pay"]);
    scope.chaos("counts.pay").fail(3);
    let pay = || breaker.call_async(|| chaos.call_async(|| async { Ok::<_, Error>("paid") }));
    assert!(retry.call_async(pay).await.is_err());
    scope.assert("counts.pay").attempts(3).retries(2).exhausted(1).opened_once().injected(3).refused(0);
    assert!(breaker.call(|| Ok::<_, Error>(())).is_err());
    scope.assert("counts.pay").refused(1);
    scope.forget();
    scope.assert("counts.pay").attempts(0).retries(0).opened(0);
}

#[test]
fn without_chaos_the_attempts_of_retried_calls_are_known_and_others_are_said_to_be_unknown() {
    let retry = retry("counts.unseen");
    let scope = testing::scope();
    assert!(retry.call(|| Ok::<_, &str>(())).is_ok());
    assert_eq!(scope.counts("counts.unseen").attempts, None);
    let unknown = panic_of(|| scope.assert("counts.unseen").attempts(1));
    assert!(unknown.contains("`#[chaos(\"counts.unseen\")]` stands last"), "{unknown}");
    assert!(retry.call(|| Err::<(), _>("down")).is_err());
    scope.assert("counts.unseen").attempts(3).retries(2);
}

#[test]
fn what_was_not_as_expected_is_told_with_the_whole_story_and_its_times() {
    let retry = retry("counts.story");
    let scope = testing::scope();
    assert!(retry.call(|| Err::<(), _>("down")).is_err());
    let told = panic_of(|| scope.assert("counts.story").retries(3));
    let expected = "`counts.story`: expected 3 retries, there were 2

what happened, and when since the scope began (Automatic time):
           0ns  counts.story  retry: attempt 1 failed, next in 100ms
         100ms  counts.story  retry: attempt 2 failed, next in 200ms
         300ms  counts.story  retries exhausted: 3 attempts
";
    assert_eq!(told, expected);
    assert!(panic_of(|| scope.assert("counts.nobody").refused(1).retries(0)).contains("there were 0"));
}

#[test]
fn the_policies_own_numbers_are_counted_from_the_scopes_beginning() {
    let cache: &Cache = CacheConfig::new(Duration::from_secs(60)).register("counts.cache").unwrap();
    let look = || cache.get::<_, u32>("key").is_some();
    assert!(!look());
    let scope = testing::scope_of(["counts.cache"]);
    cache.insert("key", 7_u32);
    assert!(look() && look());
    scope.assert("counts.cache").hits(2).reading("miss", 0);
    let unknown = panic_of(|| scope.assert("counts.cache").reading("hits", 2));
    assert!(unknown.contains("counts `hits`; they count `"), "{unknown}");
}
