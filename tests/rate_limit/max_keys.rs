use mainstay::{policies, rate_limit};

use crate::support::Answer;

#[tokio::test(start_paused = true)]
async fn no_more_keys_are_remembered_than_it_says() {
    #[rate_limit("keys.bounded", "1/h", key = number, max_keys = 64)]
    async fn call(number: u32) -> Answer {
        Ok(())
    }
    for number in 0..10_000 {
        call(number).await.unwrap();
    }
    assert!(policies().keyed_rate_limiter("keys.bounded").unwrap().len() <= 64);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_in_use_is_not_pushed_out_by_idle_ones() {
    #[rate_limit("keys.flood", "10/s", key = number, max_keys = 64)]
    async fn call(number: u32) -> Answer {
        Ok(())
    }
    for _ in 0..10 {
        call(0).await.unwrap();
    }
    for number in 1..1000 {
        call(number).await.unwrap();
    }
    assert!(call(0).await.is_err(), "its tokens are still spent");
}

#[tokio::test(start_paused = true)]
async fn sixty_five_thousand_keys_are_remembered_by_default() {
    #[rate_limit("keys.default", "1/h", key = number)]
    async fn call(number: u32) -> Answer {
        Ok(())
    }
    #[rate_limit("keys.default", "1/h", key = number, max_keys = 65_536)]
    async fn spelt_out(number: u32) -> Answer {
        Ok(())
    }
    call(1).await.unwrap();
    assert!(spelt_out(1).await.is_err(), "the same limiter");
    assert!(!policies().conflicts().iter().any(|conflict| conflict.name == "keys.default"));
}
