use std::time::Duration;

use mainstay::{Error, Kind, budget::Budget, chaos, fallback, idempotent, retry, testing, throttle};

#[tokio::test]
async fn a_closed_throttle_stands_for_a_server_that_rejects_everything() {
    #[fallback("refused.files", |_| Ok("from the shelf"))]
    #[retry("refused.files", max_attempts = 3)]
    #[throttle("refused.files")]
    #[chaos("refused.files")]
    async fn read() -> Result<&'static str, Error> {
        Ok("fresh")
    }
    let scope = testing::scope();
    scope.close_throttle("refused.files");
    assert_eq!(read().await, Ok("from the shelf"));
    scope.assert("refused.files").attempts(0).refused_as(Kind::ClientThrottled, 1).fell_back(1);
    scope.release("refused.files");
    assert_eq!(read().await, Ok("fresh"));
}

#[tokio::test]
async fn a_spent_budget_leaves_the_first_attempt_alone() {
    #[retry("refused.quotes", max_attempts = 3, budget = "refused.quotes")]
    #[chaos("refused.quotes")]
    async fn quote() -> Result<u32, Error> {
        Ok(7)
    }
    Budget::builder().ratio(0.1).floor(1.0).register("refused.quotes").unwrap();
    let scope = testing::scope();
    scope.spend_budget("refused.quotes");
    scope.chaos("refused.quotes").fail_for_good();
    assert!(quote().await.is_err());
    scope.assert("refused.quotes").attempts(1).out_of_budget(1);
    scope.release("refused.quotes");
    assert!(quote().await.is_err());
    scope.assert("refused.quotes").attempts(4).out_of_budget(1);
}

#[tokio::test]
async fn a_claimed_key_is_that_of_a_call_that_still_runs() {
    #[idempotent("refused.orders", key = id, in_flight = reject)]
    async fn order(id: u32) -> Result<u32, Error> {
        Ok(id)
    }
    let scope = testing::scope();
    scope.claim_key("refused.orders", 7);
    assert_eq!(order(7).await.unwrap_err().kind(), Kind::InFlight);
    assert_eq!(order(8).await, Ok(8));
    scope.assert("refused.orders").refused_as(Kind::InFlight, 1);
}

#[tokio::test]
async fn a_hang_that_nothing_ends_is_told_with_the_function_and_its_place() {
    #[retry("refused.hanging", max_attempts = 3)]
    #[chaos("refused.hanging")]
    async fn fetch() -> Result<(), Error> {
        Ok(())
    }
    let scope = testing::scope();
    scope.chaos("refused.hanging").hang(1);
    let panicked = tokio::spawn(fetch()).await.unwrap_err().into_panic();
    let told = panicked.downcast_ref::<String>().unwrap();
    let whose = "chaos `refused.hanging` let call 1 of testing::refused::fetch (tests/testing/refused.rs:";
    assert!(told.starts_with(whose) && told.contains("there is no time limit around it"), "{told}");
    assert!(scope.elapsed() >= Duration::from_secs(86_400));
}
