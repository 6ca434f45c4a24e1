use mainstay::{Error, cached};

use crate::support::{Runs, s};

#[tokio::test(start_paused = true)]
async fn that_there_is_nothing_is_kept_for_a_time_of_its_own() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "1m", jitter = none, negative_ttl = "5s", stale_if_error = "1h")]
    async fn find(id: u64) -> Result<Option<u64>, Error> {
        RUNS.next();
        Ok((id > 1).then_some(id))
    }
    assert_eq!((find(1).await, find(1).await, find(2).await), (Ok(None), Ok(None), Ok(Some(2))));
    assert_eq!(RUNS.count(), 2);
    tokio::time::advance(s(5)).await;
    assert_eq!((find(1).await, find(2).await, RUNS.count()), (Ok(None), Ok(Some(2)), 3));
}

#[tokio::test(start_paused = true)]
async fn of_zero_it_is_not_kept() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "1m", negative_ttl = "0s")]
    async fn find(id: u64) -> Result<Option<u64>, Error> {
        RUNS.next();
        Ok((id > 1).then_some(id))
    }
    assert_eq!((find(1).await, find(1).await, RUNS.count()), (Ok(None), Ok(None), 2));
}
