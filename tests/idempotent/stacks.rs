use mainstay::{
    Error, bulkhead, circuit_breaker, fallback, idempotent, policies, rate_limit, retry, timeout,
};

use crate::support::{Body, Memory, PayError, memory};

#[tokio::test(start_paused = true)]
async fn a_full_stack_runs_once() {
    static BODY: Body = Body::open();
    #[fallback(|_: PayError| Ok(0))]
    #[idempotent("stacks.full", key = id, store = store)]
    #[retry(max_attempts = 2)]
    #[circuit_breaker("stacks.full")]
    #[rate_limit("100/s")]
    #[bulkhead(10)]
    #[timeout("2s")]
    async fn pay(id: String, store: &Memory) -> Result<u32, PayError> {
        let _ = (&id, store);
        Ok(BODY.run())
    }
    let store = memory();
    for _ in 0..3 {
        assert_eq!(pay("a".to_owned(), &store).await, Ok(1));
    }
    let admitted = policies().circuit_breaker("stacks.full").unwrap().success_count();
    assert_eq!(admitted, 1, "a replay does not reach what stands below");
}

#[tokio::test(start_paused = true)]
async fn an_answer_again_is_a_success_to_what_stands_above() {
    #[circuit_breaker("stacks.above", failure_threshold = 1)]
    #[idempotent("stacks.above", key = id)]
    #[timeout("1s")]
    async fn call(id: u32) -> Result<u32, Error> {
        Ok(id)
    }
    assert_eq!((call(1).await, call(1).await), (Ok(1), Ok(1)));
    assert_eq!(policies().circuit_breaker("stacks.above").unwrap().success_count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_future_with_a_store_is_send() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    #[idempotent(key = id, store = store)]
    #[retry(max_attempts = 2)]
    async fn call(id: &str, store: Memory) -> Result<u32, PayError> {
        let _ = id;
        Ok(1)
    }
    assert_eq!(tokio::spawn(is_send(call("a", memory()))).await.unwrap(), Ok(1));
}

#[tokio::test(start_paused = true)]
async fn traits_and_boxed_futures_take_it() {
    use std::{future::Future, pin::Pin};
    #[async_trait::async_trait]
    trait Bank {
        async fn pay(&self, id: &str) -> Result<u32, Error>;
    }
    struct Own {
        body: Body,
        store: Memory,
    }
    #[async_trait::async_trait]
    impl Bank for Own {
        #[idempotent("stacks.trait", key = id, store = self.store)]
        async fn pay(&self, id: &str) -> Result<u32, Error> {
            let _ = id;
            Ok(self.body.run())
        }
    }
    let bank = Own { body: Body::open(), store: memory() };
    assert_eq!((bank.pay("a").await, bank.pay("a").await, bank.pay("b").await), (Ok(1), Ok(1), Ok(2)));

    #[idempotent(key = id)]
    fn boxed(id: u32) -> Pin<Box<dyn Future<Output = Result<u32, Error>> + Send>> {
        Box::pin(async move { Ok(id) })
    }
    assert_eq!(boxed(3).await, Ok(3));
}
