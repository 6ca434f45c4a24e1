use std::{
    convert::Infallible,
    future::pending,
    sync::atomic::{AtomicU32, Ordering::SeqCst},
};

use mainstay::{Error, Kind, cached, cached::Cache, circuit_breaker, deadline, policies, retry, timeout};
use tokio::task::yield_now;

use crate::support::*;

#[cached("deadline.prices", ttl = "1h")]
async fn price(item: u32) -> Answer<u32> {
    pending::<()>().await;
    Ok(item)
}

static ATTEMPTS: AtomicU32 = AtomicU32::new(0);

fn count(_: &Error) -> bool {
    ATTEMPTS.fetch_add(1, SeqCst);
    true
}

#[retry(max_attempts = 5, retry_if = count)]
#[circuit_breaker("deadline.around_cache", failure_threshold = 1, failure_if = |_error| true)]
#[cached("deadline.guarded_prices", ttl = "1h")]
async fn guarded(item: u32) -> Answer<u32> {
    pending::<()>().await;
    Ok(item)
}

#[cached("deadline.old_prices", ttl = "1h", map_err = |_| "no time")]
async fn old(item: u32) -> Result<u32, &'static str> {
    pending::<()>().await;
    Ok(item)
}

#[cached("deadline.sure_prices", ttl = "1h")]
async fn sure(item: u32) -> Result<u32, Infallible> {
    mainstay::clock::sleep(secs(10)).await;
    Ok(item)
}

#[timeout("2s")]
async fn page() -> Answer<u32> {
    price(4).await
}

#[cached("deadline.limited_prices", ttl = "1h")]
#[timeout("5s")]
async fn limited(item: u32) -> Answer<u32> {
    pending::<()>().await;
    Ok(item)
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_anothers_load_ends_with_the_deadline() {
    let loads = tokio::spawn(price(1));
    yield_now().await;
    let (answer, took) = timed(deadline::scope(secs(3), price(1))).await;
    assert_eq!((told(answer), took), (exceeded("deadline.prices"), secs(3)));
    assert!(!loads.is_finished(), "whoever loads goes on");
    loads.abort();
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_cuts_off_what_waits_is_the_one_that_is_told_of() {
    let loads = tokio::spawn(price(4));
    yield_now().await;
    let (answer, took) = timed(page()).await;
    assert_eq!((answer.unwrap_err().kind(), took), (Kind::TimedOut, secs(2)));
    loads.abort();
}

#[tokio::test(start_paused = true)]
async fn whoever_gave_up_is_no_heir_of_the_load() {
    let loads = tokio::spawn(price(2));
    yield_now().await;
    assert!(deadline::scope(secs(1), price(2)).await.is_err());
    let mut patient = tokio::spawn(price(2));
    yield_now().await;
    loads.abort();
    yield_now().await;
    // The third loads now, and a fourth waits for it.
    let (answer, _) = timed(deadline::scope(secs(1), price(2))).await;
    assert_eq!(told(answer), exceeded("deadline.prices"));
    assert!(tokio::time::timeout(secs(1), &mut patient).await.is_err());
    patient.abort();
}

#[tokio::test(start_paused = true)]
async fn it_is_a_refusal_to_what_stands_around() {
    let loads = tokio::spawn(guarded(1));
    yield_now().await;
    let (answer, took) = timed(deadline::scope(secs(3), guarded(1))).await;
    assert_eq!((told(answer), took), (exceeded("deadline.guarded_prices"), secs(3)));
    let breaker = policies().circuit_breaker("deadline.around_cache").unwrap();
    assert_eq!((breaker.failure_count(), breaker.state()), (0, circuit_breaker::State::Closed));
    assert_eq!(ATTEMPTS.load(SeqCst), 0, "nobody asks what to make of it");
    loads.abort();
}

#[tokio::test(start_paused = true)]
async fn the_error_is_made_by_map_err_where_that_is_given() {
    let loads = tokio::spawn(old(1));
    yield_now().await;
    assert_eq!(timed(deadline::scope(secs(3), old(1))).await, (Err("no time"), secs(3)));
    loads.abort();
}

#[tokio::test(start_paused = true)]
async fn a_function_whose_error_cannot_say_it_waits_to_the_end() {
    let loads = tokio::spawn(sure(1));
    yield_now().await;
    assert_eq!(timed(deadline::scope(secs(3), sure(1))).await, (Ok(1), secs(10)));
    assert_eq!(loads.await.unwrap(), Ok(1));
}

#[tokio::test(start_paused = true)]
async fn the_load_itself_ends_where_what_it_calls_does() {
    let answer = deadline::scope(secs(3), limited(1));
    let (answer, took) = timed(answer).await;
    assert_eq!((answer.unwrap_err().kind(), took), (Kind::DeadlineExceeded, secs(3)));
}

#[tokio::test(start_paused = true)]
async fn a_call_made_by_hand_ends_alike() {
    let cache: &'static Cache = Cache::builder().ttl(secs(60)).register("deadline.by_hand").unwrap();
    let get = || cache.get_or_load_async(&1_u32, pending::<Answer<u32>>);
    let loads = tokio::spawn(get());
    yield_now().await;
    let (answer, took) = timed(deadline::scope(secs(3), get())).await;
    assert_eq!((told(answer), took), (exceeded("deadline.by_hand"), secs(3)));
    loads.abort();
}
