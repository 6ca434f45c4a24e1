//! The last known price answers for an exchange that fails, and only for that.
//!
//! ```text
//! cargo run --example fallback
//! ```

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use mainstay::{Error, fallback, timeout};

#[derive(Debug, thiserror::Error)]
enum PriceError {
    #[error("there is no `{0}`")]
    Unknown(String),
    #[error(transparent)]
    Refused(#[from] Error),
}

#[derive(Default)]
struct Prices {
    known: Mutex<HashMap<String, u32>>,
}

impl Prices {
    #[fallback(|error, symbol| self.last_known(error, symbol), on(PriceError::Refused(_)))]
    #[timeout("100ms")]
    async fn price(&self, symbol: &str, exchange_takes: Duration) -> Result<u32, PriceError> {
        tokio::time::sleep(exchange_takes).await;
        if symbol != "ACME" {
            return Err(PriceError::Unknown(symbol.to_owned()));
        }
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(symbol.to_owned(), 42);
        Ok(42)
    }

    fn last_known(&self, error: PriceError, symbol: &str) -> Result<u32, PriceError> {
        println!("  {error}");
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(symbol).copied().ok_or(error)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (prices, quick, slow) = (Prices::default(), Duration::from_millis(5), Duration::from_secs(5));
    for (symbol, exchange_takes) in [("ACME", slow), ("ACME", quick), ("ACME", slow), ("NONE", quick)] {
        println!("{symbol}, from an exchange that takes {exchange_takes:?}");
        match prices.price(symbol, exchange_takes).await {
            Ok(price) => println!("  costs {price}"),
            Err(error) => println!("  no price: {error}"),
        }
    }
}
