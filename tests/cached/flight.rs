//! Who loads, who waits, and who goes on.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::LazyLock,
};

use mainstay::{Error, Kind, cached, policies, timeout};
use mainstay_testkit::{Probe, drop_at_every_await, poll_once};

use crate::support::{Runs, cache, down, s};

#[tokio::test(start_paused = true)]
async fn who_waits_gets_a_clone_of_the_error() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "1m")]
    async fn get(id: u64) -> Result<u64, Error> {
        RUNS.next();
        tokio::time::sleep(s(id)).await;
        Err(down())
    }
    assert_eq!(tokio::join!(get(1), get(1), get(1)), (Err(down()), Err(down()), Err(down())));
    assert_eq!(RUNS.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn where_the_error_has_no_clone_each_sees_for_itself() {
    #[derive(Debug)]
    struct Alone;
    impl From<Error> for Alone {
        fn from(_: Error) -> Self {
            Self
        }
    }
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "1m")]
    async fn get(id: u64) -> Result<u32, Alone> {
        tokio::time::sleep(s(id)).await;
        match RUNS.next() {
            run @ 3.. => Ok(run),
            _ => Err(Alone),
        }
    }
    #[cached(ttl = "1m")]
    async fn anyhow(id: u64) -> anyhow::Result<u32> {
        tokio::time::sleep(s(id)).await;
        anyhow::bail!("down")
    }
    let (first, second, third, fourth) = tokio::join!(get(1), get(1), get(1), get(1));
    assert!(first.is_err() && second.is_err());
    assert_eq!((third.unwrap(), fourth.unwrap(), RUNS.count()), (3, 3, 3));
    let (first, second) = tokio::join!(anyhow(1), anyhow(1));
    assert!(first.is_err() && second.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_anywhere_leaves_nobody_waiting() {
    static PROBE: LazyLock<Probe> = LazyLock::new(Probe::new);
    #[cached("flight.drop", ttl = "1m")]
    async fn get(id: u64) -> Result<u64, Error> {
        let _inside = PROBE.enter();
        tokio::time::sleep(s(1)).await;
        tokio::task::yield_now().await;
        Ok(id)
    }
    let polls = drop_at_every_await(
        s(1) / 2,
        || async { tokio::join!(get(1), get(1), get(2)) },
        |polls| {
            assert_eq!(PROBE.inside(), 0, "after {polls} polls");
            cache("flight.drop").clear();
        },
    )
    .await;
    assert!(polls > 3, "{polls}");
    assert_eq!(tokio::join!(get(1), get(1)), (Ok(1), Ok(1)));
}

#[tokio::test(start_paused = true)]
async fn where_the_one_who_loads_is_dropped_the_next_loads() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "1m")]
    async fn get(id: u64) -> Result<u32, Error> {
        let run = RUNS.next();
        tokio::time::sleep(s(id)).await;
        Ok(run)
    }
    let mut calls: Vec<_> = (0..3).map(|_| Box::pin(get(1))).collect();
    assert!(calls.iter_mut().all(|call| poll_once(call).is_pending()));
    drop(calls.remove(0));
    let (last, next) = (calls.pop().unwrap(), calls.pop().unwrap());
    assert_eq!(RUNS.count(), 1);
    assert_eq!(tokio::join!(next, last), (Ok(2), Ok(2)));
}

#[tokio::test(start_paused = true)]
async fn where_the_one_who_loads_panics_the_next_loads() {
    static RUNS: Runs = Runs::new();
    #[cached(ttl = "1m")]
    async fn get(id: u64) -> Result<u32, Error> {
        let run = RUNS.next();
        tokio::task::yield_now().await;
        assert!(run > 1, "the first of {id}");
        Ok(run)
    }
    let (mut first, mut second) = (Box::pin(get(1)), Box::pin(get(1)));
    assert!(poll_once(&mut first).is_pending() && poll_once(&mut second).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| poll_once(&mut first))).is_err());
    drop(first);
    assert_eq!(second.await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_further_out_ends_the_wait() {
    #[timeout("5s")]
    #[cached(ttl = "1m")]
    async fn get(id: u64) -> Result<u64, Error> {
        tokio::time::sleep(s(8)).await;
        Ok(id)
    }
    let first = get(1);
    let second = async {
        tokio::time::sleep(s(4)).await;
        let start = tokio::time::Instant::now();
        (get(1).await, start.elapsed())
    };
    let (first, (second, waited)) = tokio::join!(first, second);
    assert_eq!(first.unwrap_err().kind(), Kind::TimedOut);
    // It went on where the first was cut off, and had four seconds left.
    assert_eq!((second.unwrap_err().kind(), waited), (Kind::TimedOut, s(5)));
}

#[tokio::test(start_paused = true)]
async fn what_is_evicted_while_it_is_loaded_is_given_and_not_kept() {
    static RUNS: Runs = Runs::new();
    #[cached("flight.evicted", ttl = "1m")]
    async fn get(id: u64) -> Result<u32, Error> {
        let run = RUNS.next();
        tokio::time::sleep(s(id)).await;
        Ok(run)
    }
    let mut before = Box::pin(get(1));
    assert!(poll_once(&mut before).is_pending());
    policies().cache("flight.evicted").unwrap().remove(&1_u64);
    let mut after = Box::pin(get(1));
    assert!(poll_once(&mut after).is_pending());
    assert_eq!(tokio::join!(before, after), (Ok(1), Ok(2)));
    assert_eq!(get(1).await, Ok(2));
}
