//! Traits with async functions of their own: implementations and default methods.

use std::future::Future;

use mainstay::{circuit_breaker, fallback, retry, timeout};

use crate::support::*;

trait Gateway {
    const LIMIT: u32;
    type Receipt;

    async fn charge(&mut self, cents: u32) -> Answer<Self::Receipt>;

    fn refund(&self, cents: u32) -> Answer;

    /// Declared as a future, implemented as an async function.
    fn ping(&self) -> impl Future<Output = Answer> + Send;

    #[retry]
    #[timeout("1s")]
    async fn by_default(&self, flaky: &Flaky) -> Answer {
        flaky.until(Self::LIMIT)
    }

    #[fallback(|_| Ok(Self::LIMIT))]
    fn by_default_sync(&self) -> Answer {
        Err(Failure::Reset)
    }
}

#[derive(Default)]
struct Bank {
    charged: Vec<u32>,
    flaky: Flaky,
}

impl Bank {
    fn instead(&self, _: Failure, cents: u32) -> Answer<String> {
        Ok(format!("owed {cents} after {} tries", self.charged.len()))
    }
}

impl Gateway for Bank {
    const LIMIT: u32 = 3;
    type Receipt = String;

    #[fallback(Self::instead)]
    #[retry]
    #[circuit_breaker(failure_threshold = 1000)]
    #[timeout("1s")]
    async fn charge(&mut self, cents: u32) -> Answer<Self::Receipt> {
        self.charged.push(cents);
        if self.charged.len() < 3 || cents > 100 { Err(Failure::Reset) } else { Ok(format!("paid {cents}")) }
    }

    #[retry(max_attempts = Self::LIMIT)]
    fn refund(&self, cents: u32) -> Answer {
        self.flaky.until(Self::LIMIT).map(|_| cents)
    }

    #[retry]
    #[timeout("1s")]
    async fn ping(&self) -> Answer {
        self.flaky.until(2)
    }
}

#[tokio::test(start_paused = true)]
async fn an_implementation_is_annotated_like_any_method() {
    assert_eq!(Bank::default().charge(5).await.unwrap(), "paid 5");
    assert_eq!(Bank::default().charge(500).await.unwrap(), "owed 500 after 3 tries");
    assert_eq!(at_once(|| Bank::default().refund(5)), Ok(5));
    assert_eq!(Bank::default().ping().await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn a_default_method_is_annotated_in_the_trait() {
    let flaky = Flaky::default();
    assert_eq!(Bank::default().by_default(&flaky).await, Ok(3));
    assert_eq!(Bank::default().by_default_sync(), Ok(3));
}

#[tokio::test(start_paused = true)]
async fn annotated_methods_are_called_through_a_bound() {
    async fn pay<G: Gateway>(mut gateway: G) -> Answer<G::Receipt> {
        gateway.charge(1).await
    }
    assert_eq!(pay(Bank::default()).await.unwrap(), "paid 1");
}
