use mainstay::{deadline, idempotent, idempotent::Idempotency};

use crate::support::*;

#[idempotent("deadline.once", key = key)]
async fn once(key: &str) -> Answer<u32> {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_the_call_under_the_same_key_ends_with_the_deadline() {
    let first = tokio::spawn(once("k"));
    tokio::task::yield_now().await;
    let (answer, took) = timed(deadline::scope(secs(3), once("k"))).await;
    assert_eq!((told(answer), took), (exceeded("deadline.once"), secs(3)));
    first.abort();
}

#[tokio::test(start_paused = true)]
async fn so_does_that_of_a_call_made_by_hand() {
    let orders: &'static Idempotency = Idempotency::builder().register("deadline.orders").unwrap();
    let order = || orders.call_async("o-1", std::future::pending::<Answer<u32>>);
    let first = tokio::spawn(order());
    tokio::task::yield_now().await;
    let (answer, took) = timed(deadline::scope(secs(3), order())).await;
    assert_eq!((told(answer), took), (exceeded("deadline.orders"), secs(3)));
    first.abort();
}
