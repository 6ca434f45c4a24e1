use std::time::Duration;

use mainstay::{Error, idempotent, policies};

use crate::support::{Body, Memory, memory, ms};

#[tokio::test(start_paused = true)]
async fn an_answer_is_given_until_its_time_is_over_counted_from_its_end() {
    static BODY: Body = Body::open();
    #[idempotent(key = 1, ttl = "10s")]
    async fn call() -> Result<u32, Error> {
        tokio::time::sleep(Duration::from_secs(8)).await;
        Ok(BODY.run())
    }
    assert_eq!(call().await, Ok(1));
    tokio::time::advance(ms(9_999)).await;
    assert_eq!(call().await, Ok(1));
    tokio::time::advance(ms(1)).await;
    assert_eq!(call().await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn a_day_is_the_default() {
    static BODY: Body = Body::open();
    #[idempotent(key = 1)]
    async fn call() -> Result<u32, Error> {
        Ok(BODY.run())
    }
    assert_eq!(call().await, Ok(1));
    tokio::time::advance(Duration::from_secs(86_399)).await;
    assert_eq!(call().await, Ok(1));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(call().await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn in_a_store_it_is_the_same() {
    static BODY: Body = Body::open();
    let store = memory();
    #[idempotent(key = 1, ttl = "1m", store = store)]
    async fn call(store: &Memory) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run())
    }
    assert_eq!(call(&store).await, Ok(1));
    tokio::time::advance(Duration::from_secs(59)).await;
    assert_eq!(call(&store).await, Ok(1));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(call(&store).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn memory_that_is_full_makes_room_from_what_has_expired_and_refuses_otherwise() {
    #[idempotent("ttl.full", key = id, ttl = "10s", max_entries = 2)]
    async fn call(id: u32) -> Result<u32, Error> {
        Ok(id)
    }
    assert_eq!((call(1).await, call(2).await), (Ok(1), Ok(2)));
    let refusal = call(3).await.unwrap_err();
    assert!(refusal.to_string().contains("all 2 records are in use"), "{refusal}");
    assert_eq!((call(1).await, call(2).await), (Ok(1), Ok(2)));
    tokio::time::advance(ms(10_000)).await;
    assert_eq!(call(3).await, Ok(3));
    assert_eq!(policies().idempotency("ttl.full").unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn memory_that_is_full_and_open_forgets_what_expires_first() {
    #[idempotent("ttl.open", key = id, ttl = "10s", max_entries = 2, on_store_error = open)]
    async fn call(id: u32, body: &Body) -> Result<u32, Error> {
        let _ = id;
        Ok(body.run())
    }
    let body = Body::open();
    for id in 1..=2 {
        assert_eq!(call(id, &body).await, Ok(id));
        tokio::time::advance(ms(10)).await;
    }
    assert_eq!(call(3, &body).await, Ok(3));
    assert_eq!(call(2, &body).await, Ok(2), "the younger one is still there");
    assert_eq!(call(1, &body).await, Ok(4), "the older one has gone");
}
