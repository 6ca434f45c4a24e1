//! A method that owns `self`, or a pointer to it, may run under policies that `self` holds.
#![deny(warnings)]

use mainstay::{ConfigError, Error, bulkhead, bulkhead::Bulkhead, circuit_breaker, circuit_breaker::CircuitBreaker};
use std::sync::Arc;

struct Client {
    breaker: CircuitBreaker,
    places: Bulkhead,
    count: u32,
}

impl Client {
    #[circuit_breaker(with = self.breaker)]
    #[bulkhead(with = self.places)]
    async fn shared(self: Arc<Self>, name: String) -> Result<usize, Error> {
        let kept = name;
        Ok(kept.len() + self.count as usize)
    }

    #[circuit_breaker(with = self.breaker)]
    fn owned(self) -> Result<u32, Error> {
        Ok(self.count)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ConfigError> {
    let make = || -> Result<Client, ConfigError> {
        let (breaker, places) = (CircuitBreaker::builder().build("b")?, Bulkhead::builder(1).build("p")?);
        Ok(Client { breaker, places, count: 1 })
    };
    assert_eq!(Arc::new(make()?).shared("a".to_owned()).await, Ok(2));
    assert_eq!(make()?.owned(), Ok(1));
    Ok(())
}
