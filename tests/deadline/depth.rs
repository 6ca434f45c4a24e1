use std::{future::pending, time::Duration};

use mainstay::{deadline, fallback, timeout};

use crate::support::*;

#[timeout("deadline.first", limit)]
async fn first(limit: Duration) -> Answer<(Option<Duration>, Option<Duration>)> {
    tokio::time::sleep(secs(1)).await;
    Ok((deadline::remaining(), second().await?))
}

#[timeout("deadline.second", "30s")]
async fn second() -> Answer<Option<Duration>> {
    tokio::time::sleep(secs(1)).await;
    unlimited().await
}

/// A function without a limit in between changes nothing.
async fn unlimited() -> Answer<Option<Duration>> {
    third().await
}

#[timeout("deadline.third", "20s")]
async fn third() -> Answer<Option<Duration>> {
    Ok(deadline::remaining())
}

#[timeout("deadline.hangs", "20s")]
async fn hangs() -> Answer {
    pending().await
}

#[timeout("deadline.caller", "2s")]
async fn caller() -> Answer {
    hangs().await
}

#[timeout("deadline.overruns", "2s")]
async fn overruns(began: &mut bool) -> Answer {
    tokio::time::sleep(secs(1)).await;
    // It computes for long and waits for nothing.
    tokio::time::advance(secs(5)).await;
    late(began).await
}

#[timeout("deadline.late", "20s")]
async fn late(began: &mut bool) -> Answer {
    *began = true;
    Ok(())
}

#[fallback(|error| match error.kind() { mainstay::Kind::DeadlineExceeded => Ok(7), _ => Err(error) })]
#[timeout("deadline.covered", "20s")]
async fn covered() -> Answer<u32> {
    pending().await
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_seen_three_functions_deep() {
    assert_eq!(first(secs(10)).await, Ok((Some(secs(9)), Some(secs(8)))));
    // The innermost limit is the shortest here.
    assert_eq!(first(secs(60)).await, Ok((Some(secs(59)), Some(secs(20)))));
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_zero_sets_none() {
    assert_eq!(first(secs(0)).await, Ok((None, Some(secs(20)))));
}

#[tokio::test(start_paused = true)]
async fn the_limit_that_ends_is_blamed_and_no_longer_one_inside() {
    let error = mainstay::Error::timed_out("deadline.caller", secs(2));
    assert_eq!(timed(caller()).await, (Err(error), secs(2)));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_from_outside_ends_the_calls_inside() {
    let (answer, took) = timed(deadline::scope(secs(3), hangs())).await;
    assert_eq!((told(answer), took), (exceeded("deadline.hangs"), secs(3)));
    // The innermost call that it ends says so, and those around pass that on.
    let (answer, took) = timed(deadline::scope(secs(1), caller())).await;
    assert_eq!((told(answer), took), (exceeded("deadline.hangs"), secs(1)));
}

#[tokio::test(start_paused = true)]
async fn what_is_late_is_not_begun() {
    let mut began = false;
    let answer = overruns(&mut began).await;
    assert_eq!((told(answer), began), (exceeded("deadline.late"), false));
    let limit = mainstay::policies().timeout("deadline.late").unwrap();
    assert_eq!((limit.deadline_exceeded_calls(), limit.timed_out()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_fallback_can_tell_a_deadline_from_a_time_out() {
    assert_eq!(timed(deadline::scope(secs(1), covered())).await, (Ok(7), secs(1)));
    assert!(covered().await.is_err());
}
