use mainstay::{bulkhead, circuit_breaker, policies, rate_limit, retry, timeout};

use crate::support::{Answer, down, undisturbed};

/// Never called: what is found of it is found before any call.
#[allow(dead_code)]
mod uncalled {
    use mainstay::{bulkhead, circuit_breaker, rate_limit, retry, timeout};

    use crate::support::Answer;

    #[retry("look.retry")]
    #[circuit_breaker("look.breaker")]
    #[rate_limit("look.limiter", "5/s")]
    #[bulkhead("look.bulkhead", 7)]
    #[timeout("look.timeout", "3s")]
    pub(super) async fn stack() -> Answer {
        Ok(())
    }

    #[circuit_breaker("look.breakers", key = key)]
    #[rate_limit("look.limiters", "5/s", key = key)]
    pub(super) fn keyed(key: u8) -> Answer {
        Ok(())
    }
}

#[test]
fn every_policy_is_found_by_its_name_before_the_first_call() {
    let all = policies();
    assert_eq!(all.circuit_breaker("look.breaker").unwrap().state().to_string(), "closed");
    assert_eq!(all.rate_limiter("look.limiter").unwrap().available_tokens(), 5.0);
    assert_eq!(all.bulkhead("look.bulkhead").unwrap().limit(), 7);
    assert!(all.keyed_circuit_breaker("look.breakers").unwrap().is_empty());
    assert!(all.keyed_rate_limiter("look.limiters").unwrap().is_empty());
    assert!(all.retry("look.retry").is_some() && all.timeout("look.timeout").is_some());
}

#[test]
fn what_is_not_there_is_not_found_and_each_kind_has_names_of_its_own() {
    assert!(policies().circuit_breaker("look.nobody").is_none());
    assert!(policies().circuit_breaker("look.bulkhead").is_none());
    assert!(policies().circuit_breaker("look.breakers").is_none(), "one per key is another kind");
}

#[test]
fn all_of_a_kind_come_in_the_order_of_their_names() {
    let names: Vec<_> =
        policies().circuit_breakers().iter().map(|breaker| breaker.name().to_owned()).collect();
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(names, sorted);
    assert!(names.iter().any(|name| name == "look.breaker"));
}

#[tokio::test(start_paused = true)]
async fn what_is_found_is_what_the_function_goes_by() {
    let _undisturbed = undisturbed().await;
    #[retry("look.live_retry", max_attempts = 2, initial_delay = "1s", jitter = none)]
    #[timeout("look.live_timeout", "1s")]
    #[circuit_breaker("look.live", failure_threshold = 2)]
    #[rate_limit("look.live", "1/h", burst = 10)]
    #[bulkhead("look.live", 1)]
    async fn call() -> Answer {
        assert_eq!(policies().bulkhead("look.live").unwrap().in_flight(), 1);
        down()
    }
    let breaker = policies().circuit_breaker("look.live").unwrap();
    call().await.unwrap_err();
    assert_eq!((breaker.failure_count(), breaker.state().to_string()), (2, "open".to_owned()));
    let limiter = policies().rate_limiter("look.live").unwrap();
    assert!((limiter.available_tokens() - 8.0).abs() < 0.01);
    assert_eq!(policies().bulkhead("look.live").unwrap().admitted_count(), 2);
}
