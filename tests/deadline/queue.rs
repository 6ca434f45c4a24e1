use std::future::pending;

use mainstay::{Kind, bulkhead, deadline, rate_limit, timeout};

use crate::support::*;

#[bulkhead("deadline.places", 1, max_queue = 5)]
async fn queued(hold: bool) -> Answer {
    if hold { pending().await } else { Ok(()) }
}

#[timeout("deadline.waits", "2s")]
async fn waits() -> Answer {
    queued(false).await
}

#[rate_limit("deadline.tokens", "1/10s", max_wait = "1m")]
async fn rated() -> Answer {
    Ok(())
}

#[timeout("deadline.rated", "2s")]
async fn rated_in_time() -> Answer {
    rated().await
}

#[timeout("deadline.over_tokens", "1m")]
#[rate_limit("deadline.own_tokens", "1/10s", max_wait = "1m")]
async fn both() -> Answer {
    Ok(())
}

#[timeout("deadline.caller_of_both", "2s")]
async fn calls_both() -> Answer {
    both().await
}

#[tokio::test(start_paused = true)]
async fn nor_where_the_function_has_a_limit_of_its_own() {
    assert_eq!(both().await, Ok(()));
    let (answer, took) = timed(calls_both()).await;
    assert_eq!((told(answer).unwrap().0, took), (Kind::RateLimited, secs(0)));
    assert_eq!(timed(both()).await, (Ok(()), secs(10)));
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_place_ends_with_the_deadline() {
    let holder = tokio::spawn(queued(true));
    tokio::task::yield_now().await;
    let (answer, took) = timed(deadline::scope(secs(3), queued(false))).await;
    assert_eq!((told(answer), took), (exceeded("deadline.places"), secs(3)));
    // A limit that cuts off what waits is the one that is told of.
    let (answer, took) = timed(waits()).await;
    assert_eq!((told(answer), took), (Some((Kind::TimedOut, "deadline.waits".to_owned())), secs(2)));
    holder.abort();
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_tokens_that_would_be_in_vain_is_not_begun() {
    assert_eq!(rated().await, Ok(()));
    let (answer, took) = timed(deadline::scope(secs(3), rated())).await;
    assert_eq!((told(answer).unwrap().0, took), (Kind::RateLimited, secs(0)));
    let (answer, took) = timed(rated_in_time()).await;
    assert_eq!((told(answer).unwrap().0, took), (Kind::RateLimited, secs(0)));
    assert_eq!(timed(deadline::scope(secs(11), rated())).await, (Ok(()), secs(10)));
}
