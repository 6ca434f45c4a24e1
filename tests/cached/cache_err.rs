use mainstay::{Error, Kind, bulkhead, cached, cached::Cache, circuit_breaker, clock::ManualClock, timeout};

use crate::support::{Runs, cache, down, s};

#[tokio::test(start_paused = true)]
async fn the_bodys_errors_are_kept_for_so_long() {
    static RUNS: Runs = Runs::new();
    #[cached("cache_err.kept", ttl = "1m", jitter = none, cache_err = "5s")]
    async fn get(id: u64) -> Result<u64, Error> {
        match RUNS.next() {
            1 => Err(down()),
            _ => Ok(id),
        }
    }
    assert_eq!((get(1).await, get(1).await), (Err(down()), Err(down())));
    assert_eq!((RUNS.count(), cache("cache_err.kept").hits()), (1, 1));
    tokio::time::advance(s(5)).await;
    assert_eq!(get(1).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn an_error_takes_no_old_answers_place_before_its_time_is_over() {
    static RUNS: Runs = Runs::new();
    #[cached("cache_err.stale", ttl = "10s", jitter = none, stale_for = "1m", cache_err = "5s")]
    async fn get(id: u64) -> Result<u32, Error> {
        let _ = id;
        match RUNS.next() {
            run @ (1 | 6) => Ok(run),
            _ => Err(down()),
        }
    }
    let refreshed = async |runs: u32| {
        while RUNS.count() < runs || cache("cache_err.stale").loads() < u64::from(runs) {
            tokio::task::yield_now().await;
        }
    };
    assert_eq!(get(1).await, Ok(1));
    tokio::time::advance(s(10)).await;
    for runs in 2..=4 {
        assert_eq!(get(1).await, Ok(1));
        refreshed(runs).await;
    }
    tokio::time::advance(s(60)).await;
    assert_eq!((get(1).await, get(1).await, RUNS.count()), (Err(down()), Err(down()), 5));
    tokio::time::advance(s(5)).await;
    assert_eq!((get(1).await, get(1).await, RUNS.count()), (Ok(6), Ok(6), 6));
}

#[test]
fn nor_where_the_caller_who_refreshes_gets_the_error() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let cache =
        Cache::builder().ttl(s(10)).jitter(0.0).stale_for(s(60)).stale_if_error(s(20)).cache_err(s(5));
    let cache = cache.build("cache_err.twin").unwrap();
    let get = |answer| cache.get_or_load_sharing(&1_u64, || answer);
    assert_eq!(get(Ok(1)), Ok(1));
    clock.advance(s(10));
    assert_eq!(get(Err(down())), Ok(1), "the old answer stands in");
    clock.advance(s(20));
    assert_eq!(get(Err(down())), Err(down()), "it no longer does");
    assert_eq!(get(Ok(2)), Ok(2), "what is old is loaded anew by the next caller, as no error is kept");
}

#[tokio::test(start_paused = true)]
async fn refusals_and_time_outs_of_policies_inside_are_not() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "1m", cache_err = "1m")]
    #[circuit_breaker("cache_err.breaker", failure_threshold = 1)]
    async fn refused() -> Result<u32, Error> {
        Ok(RUNS.next())
    }
    #[cached(ttl = "1m", cache_err = "1m")]
    #[timeout("1s")]
    async fn late() -> Result<u32, Error> {
        if RUNS.next() == 2 {
            tokio::time::sleep(s(10)).await;
        }
        Ok(RUNS.next())
    }
    let breaker = mainstay::policies().circuit_breaker("cache_err.breaker").unwrap();
    breaker.force_open();
    assert_eq!(refused().await.map_err(|error| error.kind()), Err(Kind::CircuitOpen));
    breaker.reset();
    assert_eq!(refused().await, Ok(1));
    assert_eq!(late().await.map_err(|error| error.kind()), Err(Kind::TimedOut));
    assert!(late().await.is_ok());
}

#[test]
fn a_kept_error_of_another_type_under_the_same_name_is_none() {
    #[cached("cache_err.types", ttl = "1m", cache_err = "1m")]
    fn first(id: u64) -> Result<u64, Error> {
        let _ = id;
        Err(down())
    }
    #[derive(Debug, Clone, PartialEq)]
    struct Other;
    impl From<Error> for Other {
        fn from(_: Error) -> Self {
            Self
        }
    }
    #[cached("cache_err.types", ttl = "1m", cache_err = "1m")]
    fn second(id: u64) -> Result<u64, Other> {
        Ok(id)
    }
    assert_eq!((first(1), first(1)), (Err(down()), Err(down())));
    assert_eq!((second(1), second(1)), (Ok(1), Ok(1)));
    assert_eq!(first(1), Ok(1));
}

#[tokio::test(start_paused = true)]
async fn who_waits_learns_that_the_error_is_a_refusal() {
    static RUNS: Runs = Runs::new();
    #[mainstay::retry(max_attempts = 3, initial_delay = "1s", jitter = none)]
    #[cached(ttl = "1m")]
    #[bulkhead("cache_err.full", 1)]
    async fn get(id: u64) -> Result<u64, Error> {
        RUNS.next();
        Ok(id)
    }
    let bulkhead = mainstay::policies().bulkhead("cache_err.full").unwrap();
    let _full = bulkhead.try_enter().unwrap();
    let (first, second) = tokio::join!(get(1), get(1));
    let kinds = (first.unwrap_err().kind(), second.unwrap_err().kind());
    assert_eq!(kinds, (Kind::BulkheadFull, Kind::BulkheadFull));
    assert_eq!(RUNS.count(), 0);
}
