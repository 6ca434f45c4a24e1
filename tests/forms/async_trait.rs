//! Methods under `#[async_trait]`, which become functions that give boxed futures before we see them.

use std::sync::Arc;

use async_trait::async_trait;
use mainstay::{circuit_breaker, circuit_breaker::CircuitBreaker, fallback, retry, timeout};

use crate::support::*;

#[async_trait]
trait Gateway: Send + Sync {
    async fn shared(&self, name: &str) -> Answer<usize>;
    async fn exclusive(&mut self, order: String) -> Answer<usize>;
    async fn owned(self: Box<Self>) -> Answer;
    async fn in_arc(self: Arc<Self>, add: u32) -> Answer;
    async fn associated(flaky: &Flaky) -> Answer
    where
        Self: Sized;

    #[retry]
    #[timeout("1s")]
    async fn by_default(&self, flaky: &Flaky) -> Answer {
        flaky.until(3)
    }
}

struct Bank {
    flaky: Flaky,
    breaker: CircuitBreaker,
    calls: u32,
}

impl Bank {
    fn new() -> Self {
        let breaker = CircuitBreaker::builder().build("forms.bank").unwrap();
        Self { flaky: Flaky::default(), breaker, calls: 0 }
    }

    fn instead(&self, error: Failure) -> Answer<usize> {
        if error == Failure::Declined { Ok(self.calls as usize) } else { Err(error) }
    }
}

#[async_trait]
impl Gateway for Bank {
    #[retry]
    #[circuit_breaker(with = self.breaker)]
    #[timeout("1s")]
    async fn shared(&self, name: &str) -> Answer<usize> {
        self.flaky.until(3)?;
        tokio::task::yield_now().await;
        Ok(name.len())
    }

    #[fallback(Self::instead)]
    #[retry(clone(order))]
    async fn exclusive(&mut self, order: String) -> Answer<usize> {
        self.calls += 1;
        let order = order.into_bytes();
        if order.is_empty() {
            return Err(Failure::Declined);
        }
        if self.calls < 3 { Err(Failure::Reset) } else { Ok(order.len()) }
    }

    #[fallback(|_| Ok(4))]
    #[timeout("1s")]
    async fn owned(self: Box<Self>) -> Answer {
        drop(self.breaker);
        Err(Failure::Reset)
    }

    #[retry]
    async fn in_arc(self: Arc<Self>, add: u32) -> Answer {
        Ok(self.flaky.until(3)? + add)
    }

    #[retry]
    async fn associated(flaky: &Flaky) -> Answer {
        flaky.until(2)
    }
}

#[tokio::test(start_paused = true)]
async fn every_receiver_works_also_behind_a_trait_object() {
    let mut bank: Box<dyn Gateway> = Box::new(Bank::new());
    assert_eq!(bank.shared("abc").await, Ok(3));
    assert_eq!(bank.exclusive("four".into()).await, Ok(4));
    assert_eq!(bank.by_default(&Flaky::default()).await, Ok(3));
    assert_eq!(bank.owned().await, Ok(4));
    assert_eq!(Arc::new(Bank::new()).in_arc(1).await, Ok(4));
    assert_eq!(Bank::associated(&Flaky::default()).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn a_fallback_named_by_a_path_takes_the_receiver() {
    assert_eq!(Bank::new().exclusive(String::new()).await, Ok(1));
}

#[async_trait(?Send)]
trait Local {
    async fn ask(&self, value: std::rc::Rc<u32>) -> Answer;
}

#[async_trait(?Send)]
impl Local for Flaky {
    #[retry]
    #[timeout("1s")]
    async fn ask(&self, value: std::rc::Rc<u32>) -> Answer {
        Ok(self.until(3)? + *value)
    }
}

#[tokio::test(start_paused = true)]
async fn a_future_that_stays_on_its_thread_may() {
    assert_eq!(Flaky::default().ask(4.into()).await, Ok(7));
}
