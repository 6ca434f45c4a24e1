use mainstay::{
    Classify, Error, Kind, chaos, chaos::Fate, circuit_breaker, circuit_breaker::State, fallback, idempotent,
    policies, retry,
};

use crate::support::on;

#[tokio::test(start_paused = true)]
async fn injected_failures_are_retried_and_open_breakers_as_the_dependencys_own() {
    #[retry("stack.retry", max_attempts = 5, initial_delay = "10ms", jitter = none)]
    #[circuit_breaker("stack.breaker", failure_threshold = 3)]
    #[chaos("stack.chaos", error_rate = 1.0)]
    async fn call() -> Result<(), Error> {
        Ok(())
    }
    let on = on("stack.chaos");
    // The third failure opens the breaker, whose refusal is final.
    assert_eq!(call().await.unwrap_err().kind(), Kind::CircuitOpen);
    assert_eq!(on.0.injected(chaos::Fault::Error), 3);
    assert_eq!(policies().circuit_breaker("stack.breaker").unwrap().state(), State::Open);
    assert_eq!(policies().retry("stack.retry").unwrap().retries(), 3);
}

#[derive(Debug, Classify, PartialEq)]
enum PayError {
    #[permanent]
    Declined,
    #[transient]
    Policy(Error),
}

impl From<Error> for PayError {
    fn from(error: Error) -> Self {
        Self::Policy(error)
    }
}

#[test]
fn an_error_of_ones_own_means_what_its_class_says() {
    #[retry("stack.class", max_attempts = 3, initial_delay = "1ms")]
    #[chaos("stack.declined", error = PayError::Declined, error_rate = 1.0)]
    fn call() -> Result<(), PayError> {
        Ok(())
    }
    let on = on("stack.declined");
    assert_eq!(call(), Err(PayError::Declined));
    assert_eq!(on.0.calls(), 1);
}

#[test]
fn a_fallback_answers_for_it() {
    #[fallback(|_| Ok(0))]
    #[chaos("stack.fallback", error_rate = 1.0)]
    fn call() -> Result<u32, PayError> {
        Ok(1)
    }
    assert_eq!(call(), Ok(1));
    let _on = on("stack.fallback");
    assert_eq!(call(), Ok(0));
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_answer_was_lost_is_not_recorded_and_runs_again() {
    #[idempotent("stack.keys", key = id, ttl = "1h")]
    #[chaos("stack.lost", after)]
    async fn pay(id: u64, done: &mut u32) -> Result<u32, Error> {
        *done += 1;
        Ok(*done)
    }
    let chaos = policies().chaos("stack.lost").unwrap();
    let mut done = 0;
    {
        let _directing = chaos.direct(|| Some(Fate::fail()));
        assert!(pay(1, &mut done).await.is_err());
    }
    // It ran and nobody knows of it.
    assert_eq!((pay(1, &mut done).await, pay(1, &mut done).await), (Ok(2), Ok(2)));
}
