#![deny(warnings)]

use std::time::Duration;

use mainstay::{Error, idempotent};

const DAY: Duration = Duration::from_secs(86_400);

#[derive(Debug, Clone, PartialEq)]
struct Receipt {
    id: u32,
}

#[derive(Debug, Clone, mainstay::Classify)]
enum PayError {
    #[permanent]
    Declined,
    Policy(Error),
}

impl From<Error> for PayError {
    fn from(error: Error) -> Self {
        Self::Policy(error)
    }
}

#[idempotent(key = id)]
async fn plain(id: u32) -> Result<Receipt, Error> {
    Ok(Receipt { id })
}

#[idempotent(key = id)]
fn plain_sync(id: u32) -> Result<Receipt, Error> {
    Ok(Receipt { id })
}

#[idempotent(
    "pay",
    key = (&order.0, id),
    ttl = DAY,
    fingerprint(order, id),
    on_duplicate = error,
    max_wait = "5s",
    store_err,
    on_cancel = keep,
    on_store_error = open,
    max_entries = 10_000
)]
async fn with_every_option(order: (String, Vec<u8>), id: u32) -> Result<Receipt, PayError> {
    let (_text, _bytes) = order;
    if id == 0 { Err(PayError::Declined) } else { Ok(Receipt { id }) }
}

trait Account {
    async fn credit(&mut self, reference: &str, amount: u64) -> Result<u64, Error>;
}

struct InMemory(u64);

impl Account for InMemory {
    #[idempotent(key = reference, fingerprint(amount), in_flight = reject)]
    async fn credit(&mut self, reference: &str, amount: u64) -> Result<u64, Error> {
        let _ = reference;
        self.0 += amount;
        Ok(self.0)
    }
}

/// The value is generic, and so is the error.
#[idempotent(key = "one")]
fn generic<T, E>(value: T) -> Result<T, E>
where
    T: Clone + Send + Sync + 'static,
    E: From<Error> + 'static,
{
    Ok(value)
}

fn main() {
    assert_eq!(plain_sync(1).unwrap(), plain_sync(1).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        assert_eq!(plain(1).await.unwrap(), plain(1).await.unwrap());
        let order = || ("a".to_owned(), vec![1]);
        assert!(matches!(with_every_option(order(), 0).await, Err(PayError::Declined)));
        assert!(matches!(with_every_option(order(), 0).await, Err(PayError::Policy(_))));
        let mut account = InMemory(0);
        assert_eq!(account.credit("a", 5).await.unwrap(), 5);
        assert_eq!(account.credit("a", 5).await.unwrap(), 5);
        assert_eq!(account.credit("b", 5).await.unwrap(), 10);
    });
    assert_eq!(generic::<u32, Error>(3).unwrap(), 3);
}
