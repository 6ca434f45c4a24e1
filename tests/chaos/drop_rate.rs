use std::time::Duration;

use mainstay::{Error, Kind, chaos, timeout};

use crate::support::on;

#[tokio::test(start_paused = true)]
async fn a_time_limit_ends_a_call_that_never_answers() {
    #[timeout("2s")]
    #[chaos("drop.limited", drop_rate = 1.0)]
    async fn call() -> Result<(), Error> {
        Ok(())
    }
    let _on = on("drop.limited");
    let start = tokio::time::Instant::now();
    assert_eq!(call().await.unwrap_err().kind(), Kind::TimedOut);
    assert_eq!(start.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn without_one_it_is_pending_until_it_is_dropped() {
    #[chaos("drop.pending", drop_rate = 1.0)]
    async fn call() -> Result<(), Error> {
        Ok(())
    }
    let on = on("drop.pending");
    assert!(tokio::time::timeout(Duration::from_secs(86_400), call()).await.is_err());
    assert_eq!(on.0.injected(chaos::Fault::Drop), 1);
}
