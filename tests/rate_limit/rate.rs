use std::time::Duration;

use mainstay::rate_limit::Rate;

#[tokio::test(start_paused = true)]
async fn so_many_calls_are_let_in_at_once_and_then_one_by_one() {
    for call in twins!("4/s") {
        assert_eq!(call.waits(5).await, [0.0, 0.0, 0.0, 0.0, 250.0]);
        call.pass(250).await;
        assert_eq!(call.waits(2).await, [0.0, 250.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_period_may_be_any_length() {
    for call in twins!("2/min") {
        assert_eq!(call.waits(3).await, [0.0, 0.0, 30_000.0]);
    }
    for call in twins!("1/h") {
        assert_eq!(call.waits(2).await, [0.0, 3_600_000.0]);
    }
    for call in twins!("10/250ms") {
        assert_eq!(call.waits(11).await.last(), Some(&25.0));
    }
}

#[tokio::test(start_paused = true)]
async fn the_rate_may_be_a_constant() {
    const RATE: Rate = Rate::new(2, Duration::from_secs(10));
    for call in twins!(RATE) {
        assert_eq!(call.waits(3).await, [0.0, 0.0, 5_000.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_takes_nothing() {
    for call in twins!("1/s") {
        assert_eq!(call.waits(4).await, [0.0, 1000.0, 1000.0, 1000.0]);
        call.pass(999).await;
        assert_eq!(call.waits(1).await, [1.0]);
        call.pass(1).await;
        assert_eq!(call.waits(2).await, [0.0, 1000.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_has_spent_its_token_all_the_same() {
    use mainstay::{Error, rate_limit};
    #[rate_limit("1/s")]
    async fn call() -> Result<(), Error> {
        Err(Error::timed_out("upstream", Duration::ZERO))
    }
    assert_eq!(call().await.unwrap_err().kind().as_str(), "timed_out");
    assert_eq!(call().await.unwrap_err().kind().as_str(), "rate_limited");
}
