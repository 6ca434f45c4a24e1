use mainstay::{Error, cached, clock::ManualClock};
use std::time::Duration;

use crate::support::{Runs, cache, s};

#[tokio::test(start_paused = true)]
async fn an_answer_is_given_again_until_its_time_is_up() {
    static RUNS: Runs = Runs::new();
    #[cached("ttl.async", ttl = "10s", jitter = none)]
    async fn get(id: u64) -> Result<(u64, u32), Error> {
        tokio::task::yield_now().await;
        Ok((id, RUNS.next()))
    }
    assert_eq!((get(1).await, get(1).await, get(2).await), (Ok((1, 1)), Ok((1, 1)), Ok((2, 2))));
    tokio::time::advance(s(10) - Duration::from_nanos(1)).await;
    assert_eq!(get(1).await, Ok((1, 1)));
    tokio::time::advance(Duration::from_nanos(1)).await;
    assert_eq!(get(1).await, Ok((1, 3)));
    let cache = cache("ttl.async");
    assert_eq!((cache.hits(), cache.misses(), cache.loads(), cache.len()), (2, 3, 3, 2));
}

#[test]
fn a_sync_function_keeps_answers_by_the_manual_clock() {
    static RUNS: Runs = Runs::new();
    const MINUTE: Duration = Duration::from_secs(60);
    #[cached(ttl = MINUTE, jitter = none)]
    fn get(name: &str) -> Result<String, Error> {
        Ok(format!("{name} {}", RUNS.next()))
    }
    let clock = ManualClock::new();
    let _installed = clock.install();
    assert_eq!(get("ada").as_deref(), Ok("ada 1"));
    clock.advance(MINUTE - Duration::from_nanos(1));
    assert_eq!(get("ada").as_deref(), Ok("ada 1"));
    clock.advance(Duration::from_nanos(1));
    assert_eq!(get("ada").as_deref(), Ok("ada 2"));
}

#[tokio::test(start_paused = true)]
async fn an_error_is_given_once_and_not_kept() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "10s")]
    async fn get(id: u64) -> Result<u64, Error> {
        match RUNS.next() {
            1 => Err(crate::support::down()),
            _ => Ok(id),
        }
    }
    assert_eq!((get(1).await, get(1).await, get(1).await), (Err(crate::support::down()), Ok(1), Ok(1)));
    assert_eq!(RUNS.count(), 2);
}
