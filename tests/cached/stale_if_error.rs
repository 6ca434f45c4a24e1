use mainstay::{Error, cached, circuit_breaker, policies};

use crate::support::{Runs, cache, down, s};

#[tokio::test(start_paused = true)]
async fn an_old_answer_stands_in_for_a_failed_load() {
    static RUNS: Runs = Runs::new();
    #[cached("stale_if_error.body", ttl = "10s", jitter = none, stale_if_error = "5m")]
    async fn get(id: u64) -> Result<u32, Error> {
        let _ = id;
        match RUNS.next() {
            1 => Ok(1),
            _ => Err(down()),
        }
    }
    assert_eq!(get(1).await, Ok(1));
    tokio::time::advance(s(10)).await;
    assert_eq!(tokio::join!(get(1), get(1)), (Ok(1), Ok(1)));
    assert_eq!(get(2).await, Err(down()));
    tokio::time::advance(s(300)).await;
    assert_eq!(get(1).await, Err(down()));
    assert_eq!(cache("stale_if_error.body").stale_served(), 2);
}

#[tokio::test(start_paused = true)]
async fn and_for_a_refusal_by_a_policy_inside() {
    #[cached(ttl = "10s", jitter = none, stale_if_error = "5m")]
    #[circuit_breaker("stale_if_error.breaker")]
    async fn get(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    assert_eq!(get(1).await, Ok(1));
    tokio::time::advance(s(10)).await;
    policies().circuit_breaker("stale_if_error.breaker").unwrap().force_open();
    assert_eq!(get(1).await, Ok(1));
    assert!(get(2).await.is_err());
}
