//! What a refused caller is told.

use std::time::Duration;

use mainstay::{Error, rate_limit};

use crate::support::Answer;

#[tokio::test(start_paused = true)]
async fn it_is_the_exact_time_until_the_tokens_are_there() {
    #[rate_limit("told.exactly", "3/s", burst = 5, tokens = count)]
    async fn call(count: f64) -> Answer {
        Ok(())
    }
    call(5.0).await.unwrap();
    for count in [1.0, 2.5, 0.000_003, 5.0] {
        let error = call(count).await.unwrap_err();
        assert_eq!(error.policy(), "told.exactly");
        let wait = error.retry_after().unwrap();
        assert!((wait.as_secs_f64() - count / 3.0).abs() < 2e-9, "{count}: {wait:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_then_is_let_in_and_not_a_moment_earlier() {
    use mainstay::clock::ManualClock;
    #[rate_limit("7/s", burst = 3)]
    fn call() -> Answer {
        Ok(())
    }
    let clock = ManualClock::new();
    let _installed = clock.install();
    (0..3).for_each(|_| call().unwrap());
    for _ in 0..20 {
        let wait = call().unwrap_err().retry_after().unwrap();
        clock.advance(wait - Duration::from_nanos(1));
        assert_eq!(call().unwrap_err().retry_after(), Some(Duration::from_nanos(1)));
        clock.advance(Duration::from_nanos(1));
        assert_eq!(call(), Ok(()));
    }
}

#[tokio::test(start_paused = true)]
async fn it_reads_well() {
    #[rate_limit("told.text", "1/s", tokens = count)]
    async fn call(count: u32) -> Answer {
        Ok(())
    }
    call(1).await.unwrap();
    let text = |error: Error| error.to_string();
    assert_eq!(text(call(1).await.unwrap_err()), "rate limit `told.text` reached, retry after 1s");
    assert_eq!(
        text(call(2).await.unwrap_err()),
        "rate limit `told.text` never holds 2 tokens, its burst is 1"
    );
}
