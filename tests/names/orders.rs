//! Reading and steering policies by name, as somebody on call does.

use mainstay::{Error, bulkhead, circuit_breaker, circuit_breaker::State, clock, policies, rate_limit};

use crate::support::{Answer, alone, down, undisturbed};

#[tokio::test(start_paused = true)]
async fn a_breaker_that_is_forced_open_refuses_until_it_is_closed_by_hand() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("order.force", timeout = "1s")]
    async fn call() -> Answer {
        Ok(())
    }
    let breaker = policies().circuit_breaker("order.force").unwrap();
    breaker.force_open();
    let refused = call().await.unwrap_err();
    assert_eq!((refused.policy(), refused.retry_after()), ("order.force", None));
    tokio::time::advance(std::time::Duration::from_secs(3600)).await;
    assert!(call().await.is_err(), "no time ends it");
    breaker.close();
    assert_eq!((breaker.state(), call().await), (State::Closed, Ok(())));
}

#[tokio::test(start_paused = true)]
async fn closing_an_open_breaker_lets_calls_in_at_once() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("order.close", failure_threshold = 1)]
    fn call(answer: Answer) -> Answer {
        answer
    }
    call(down()).unwrap_err();
    let breaker = policies().circuit_breaker("order.close").unwrap();
    assert_eq!(breaker.state(), State::Open);
    breaker.close();
    assert_eq!(call(Ok(())), Ok(()));
    assert_eq!((breaker.failure_count(), breaker.success_count()), (1, 1), "the totals stay");
}

#[tokio::test(start_paused = true)]
async fn a_disabled_breaker_lets_everything_through_and_an_observing_one_too() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("order.disabled", failure_threshold = 1)]
    fn call() -> Answer {
        down()
    }
    let breaker = policies().circuit_breaker("order.disabled").unwrap();
    breaker.disable();
    (0..3).for_each(|_| assert_eq!(call(), down()));
    breaker.observe_only();
    (0..3).for_each(|_| assert_eq!(call(), down()));
    assert_eq!((breaker.state(), breaker.observed_state()), (State::ObserveOnly, State::Open));
    breaker.resume();
    assert_eq!(call(), down());
    assert!(matches!(call(), Err(Error::CircuitOpen { .. })));
}

#[tokio::test(start_paused = true)]
async fn counts_tell_what_happened_and_when_it_last_failed() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("order.counts", failure_rate = 1.0, window = 3, ignore_on(Error::ExceedsBurst { .. }))]
    async fn call(answer: Answer) -> Answer {
        answer
    }
    let breaker = policies().circuit_breaker("order.counts").unwrap();
    assert_eq!(breaker.counts().last_failure, None);
    call(Ok(())).await.unwrap();
    call(down()).await.unwrap_err();
    let failed_at = clock::now();
    tokio::time::advance(std::time::Duration::from_secs(5)).await;
    call(Err(Error::exceeds_burst("x", 2.0, 1.0))).await.unwrap_err();
    let counts = breaker.counts();
    assert_eq!((counts.success_count, counts.failure_count, counts.ignored_count), (1, 1, 1));
    assert_eq!((counts.window_total, counts.window_failures, counts.consecutive_failures), (2, 1, 1));
    assert_eq!(counts.last_failure, Some(failed_at));
    assert_eq!((counts.state, counts.time_left), (State::Closed, None));

    (0..2).for_each(|_| drop(mainstay_testkit::poll_once(&mut Box::pin(call(down())))));
    call(down()).await.unwrap_err();
    let counts = breaker.counts();
    assert_eq!((counts.state, counts.rejected_count), (State::Open, 1));
    assert_eq!(counts.time_left, Some(std::time::Duration::from_secs(60)));
    assert_eq!((counts.window_total, counts.failure_count), (0, 3), "a change of state empties the window");
}

#[tokio::test(start_paused = true)]
async fn a_reset_puts_one_policy_back_to_how_it_started() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("order.reset", failure_threshold = 1)]
    #[rate_limit("order.reset", "1/h")]
    fn call() -> Answer {
        down()
    }
    call().unwrap_err();
    let (breaker, limiter) =
        (policies().circuit_breaker("order.reset").unwrap(), policies().rate_limiter("order.reset").unwrap());
    assert_eq!((breaker.state(), limiter.available_tokens() < 1.0), (State::Open, true));
    breaker.reset();
    assert_eq!((breaker.state(), breaker.failure_count()), (State::Closed, 0));
    assert_eq!(breaker.last_failure(), None);
    assert_eq!(call().unwrap_err().kind(), mainstay::Kind::RateLimited, "only the breaker was reset");
    limiter.reset();
    assert_eq!(call(), down());
}

#[tokio::test(start_paused = true)]
async fn reset_all_puts_every_named_policy_back() {
    let _alone = alone().await;
    #[circuit_breaker("order.all", failure_threshold = 1)]
    fn broken() -> Answer {
        down()
    }
    #[circuit_breaker("order.all_keyed", failure_threshold = 1, key = key)]
    #[rate_limit("order.all_keyed", "1/h", key = key)]
    fn keyed(key: u8) -> Answer {
        down()
    }
    #[rate_limit("order.all", "1/h")]
    #[bulkhead("order.all", 2)]
    fn limited() -> Answer {
        Ok(())
    }
    broken().unwrap_err();
    keyed(1).unwrap_err();
    limited().unwrap();
    policies().bulkhead("order.all").unwrap().set_limit(9).unwrap();
    let stuck = [broken(), keyed(1), limited()].map(|answer| answer.unwrap_err().kind().as_str());
    assert_eq!(stuck, ["circuit_open", "circuit_open", "rate_limited"]);

    policies().reset_all();

    assert_eq!((broken(), keyed(1), limited()), (down(), down(), Ok(())));
    assert_eq!(policies().bulkhead("order.all").unwrap().limit(), 2);
}
