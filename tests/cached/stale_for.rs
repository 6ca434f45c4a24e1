use mainstay::{Error, Kind, cached, clock::ManualClock, retry, timeout};

use crate::support::{Runs, cache, down, s};

/// Lets the tasks that were spawned run to their next wait.
async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_old_answer_is_given_at_once_while_one_refresh_runs() {
    static RUNS: Runs = Runs::new();
    #[cached("stale_for.async", ttl = "10s", jitter = none, stale_for = "5s")]
    async fn get(id: &str) -> Result<String, Error> {
        let run = RUNS.next();
        tokio::time::sleep(s(1)).await;
        Ok(format!("{id}{run}"))
    }
    assert_eq!(get("a").await.as_deref(), Ok("a1"));
    tokio::time::advance(s(10)).await;
    let start = tokio::time::Instant::now();
    for _ in 0..3 {
        assert_eq!(get("a").await.as_deref(), Ok("a1"));
    }
    assert_eq!(start.elapsed(), s(0));
    settle().await;
    assert_eq!(RUNS.count(), 2);
    tokio::time::sleep(s(2)).await;
    assert_eq!(get("a").await.as_deref(), Ok("a2"));
    let cache = cache("stale_for.async");
    assert_eq!((cache.stale_served(), cache.loads(), cache.hits()), (3, 2, 1));
}

#[tokio::test(start_paused = true)]
async fn past_that_time_callers_wait_again() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "10s", jitter = none, stale_for = "5s")]
    async fn get(id: u64) -> Result<u32, Error> {
        tokio::time::sleep(s(id)).await;
        Ok(RUNS.next())
    }
    assert_eq!(get(1).await, Ok(1));
    tokio::time::advance(s(15)).await;
    assert_eq!(tokio::join!(get(1), get(1)), (Ok(2), Ok(2)));
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_fails_leaves_the_old_answer_and_the_next_caller_tries_again() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "10s", jitter = none, stale_for = "1m")]
    async fn get(id: u64) -> Result<u32, Error> {
        let _ = id;
        match RUNS.next() {
            2 => Err(down()),
            3 => panic!("the second refresh"),
            run => Ok(run),
        }
    }
    assert_eq!(get(1).await, Ok(1));
    tokio::time::advance(s(10)).await;
    for _ in 0..3 {
        assert_eq!(get(1).await, Ok(1));
        settle().await;
    }
    assert_eq!((get(1).await, RUNS.count()), (Ok(4), 4));
}

#[derive(Clone)]
struct Shop {
    region: String,
}

impl Shop {
    #[cached(ttl = "10s", jitter = none, stale_for = "1m", key = (&self.region, name, &tags))]
    #[retry(max_attempts = 2, initial_delay = "1s", retry_if = |_| self.region == "eu", clone(count))]
    async fn get(&self, name: &str, tags: Vec<String>, mut count: u32) -> Result<String, Error> {
        static RUNS: Runs = Runs::new();
        count += RUNS.next();
        if count.is_multiple_of(2) {
            return Err(down());
        }
        let region = &self.region;
        Ok(format!("{region} {name} {} {count}", tags.concat()))
    }
}

#[tokio::test(start_paused = true)]
async fn the_refresh_has_copies_of_self_and_of_the_arguments() {
    let ask = || async {
        let (shop, name) = (Shop { region: "eu".to_owned() }, "tea".to_owned());
        shop.get(&name, vec!["x".to_owned()], 1).await
    };
    assert_eq!(ask().await.as_deref(), Ok("eu tea x 3"));
    tokio::time::advance(s(10)).await;
    assert_eq!(ask().await.as_deref(), Ok("eu tea x 3"));
    tokio::time::sleep(s(5)).await;
    assert_eq!(ask().await.as_deref(), Ok("eu tea x 5"));
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_inside_counts_in_the_refresh_and_one_outside_on_a_miss_only() {
    static RUNS: Runs = Runs::new();
    #[timeout("3s")]
    #[cached("stale_for.limits", ttl = "10s", jitter = none, stale_for = "1m")]
    #[timeout("5s")]
    async fn get(id: u64) -> Result<u32, Error> {
        let run = RUNS.next();
        tokio::time::sleep(s([10, 1, 4, 10][run as usize - 1])).await;
        Ok(run + id as u32)
    }
    assert_eq!(get(0).await.map_err(|error| error.kind()), Err(Kind::TimedOut));
    assert_eq!(get(0).await, Ok(2));
    tokio::time::advance(s(10)).await;
    assert_eq!(get(0).await, Ok(2));
    tokio::time::sleep(s(4)).await;
    settle().await;
    assert_eq!(get(0).await, Ok(3));
    tokio::time::advance(s(10)).await;
    assert_eq!(get(0).await, Ok(3));
    tokio::time::sleep(s(6)).await;
    assert_eq!((cache("stale_for.limits").load_failures(), RUNS.count()), (1, 4));
}

#[test]
fn a_sync_function_refreshes_on_a_thread_of_its_own() {
    static RUNS: Runs = Runs::new();
    let clock = ManualClock::new();
    let _installed = clock.install();
    let here = std::thread::current().id();
    #[cached("stale_for.sync", ttl = "10s", jitter = none, stale_for = "5s", key = id)]
    fn get(id: &str, by: std::thread::ThreadId) -> Result<(String, bool), Error> {
        Ok((format!("{id}{}", RUNS.next()), std::thread::current().id() == by))
    }
    assert_eq!(get("a", here), Ok(("a1".to_owned(), true)));
    clock.advance(s(10));
    assert_eq!(get("a", here), Ok(("a1".to_owned(), true)));
    while cache("stale_for.sync").loads() < 2 {
        std::thread::yield_now();
    }
    assert_eq!(get("a", here), Ok(("a2".to_owned(), false)));
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_hangs_holds_nobody_once_the_old_answer_is_no_longer_given() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "10s", jitter = none, stale_for = "5s")]
    async fn get(id: u64) -> Result<u32, Error> {
        let _ = id;
        match RUNS.next() {
            2 => std::future::pending().await,
            run => Ok(run),
        }
    }
    assert_eq!(get(1).await, Ok(1));
    tokio::time::advance(s(10)).await;
    assert_eq!(get(1).await, Ok(1));
    settle().await;
    tokio::time::advance(s(5)).await;
    assert_eq!((get(1).await, get(1).await, RUNS.count()), (Ok(3), Ok(3), 3));
}
