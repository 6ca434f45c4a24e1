use mainstay::{
    Error, circuit_breaker,
    circuit_breaker::{CircuitBreaker, State},
    policies,
};

use crate::support::{Answer, down, undisturbed};

#[tokio::test(start_paused = true)]
async fn one_name_is_one_instance_for_functions_methods_and_builders() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("share.one", failure_threshold = 3)]
    fn free() -> Answer {
        down()
    }
    struct Client;
    impl Client {
        #[circuit_breaker("share.one", failure_threshold = 3)]
        async fn method(&self) -> Answer {
            down()
        }
    }
    let built = CircuitBreaker::builder().failure_threshold(3).register("share.one").unwrap();
    assert!(std::ptr::eq(built, policies().circuit_breaker("share.one").unwrap()));

    free().unwrap_err();
    Client.method().await.unwrap_err();
    let failed: Result<(), Error> = built.call(down);
    failed.unwrap_err();
    assert_eq!(built.state(), State::Open);
    for refused in [free(), Client.method().await] {
        assert!(matches!(refused, Err(Error::CircuitOpen { .. })));
    }
}

#[test]
fn a_builder_may_come_first_and_later_ones_get_the_same() {
    let first = CircuitBreaker::builder().register("share.built").unwrap();
    let again = CircuitBreaker::builder().register(String::from("share.built")).unwrap();
    assert!(std::ptr::eq(first, again));
}

#[test]
fn a_private_instance_is_not_found_whatever_its_name() {
    let private = CircuitBreaker::builder().build("share.private").unwrap();
    assert!(policies().circuit_breaker("share.private").is_none());
    let other = CircuitBreaker::builder().build("share.private").unwrap();
    private.force_open();
    assert_eq!(other.state(), State::Closed);
}

#[test]
fn a_configuration_that_makes_no_sense_is_not_registered() {
    let error = CircuitBreaker::builder().failure_threshold(0).register("share.nonsense").unwrap_err();
    assert_eq!(error.option(), "failure_threshold");
    assert!(policies().circuit_breaker("share.nonsense").is_none());
}
