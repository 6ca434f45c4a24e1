#![deny(warnings)]

use std::sync::{Arc, LazyLock};

use mainstay::{
    Error, idempotent,
    idempotent::{IdempotencyStore, MemoryStore},
};
use mainstay_json::Json;
use serde::{Deserialize, Serialize};

static STORE: LazyLock<MemoryStore<Json>> = LazyLock::new(|| MemoryStore::new(10));

/// Not `Clone`: a store gives it anew.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Receipt {
    id: u32,
}

#[derive(Debug, Serialize, Deserialize)]
enum PayError {
    Declined,
    Refused(String),
}

impl From<Error> for PayError {
    fn from(error: Error) -> Self {
        Self::Refused(error.to_string())
    }
}

#[idempotent(key = id, store = &*STORE, lease = "5s")]
async fn of_a_static(id: u32) -> Result<Receipt, Error> {
    Ok(Receipt { id })
}

#[idempotent(key = id, store = &*STORE)]
fn in_sync(id: u32) -> Result<Receipt, Error> {
    Ok(Receipt { id })
}

struct Service {
    store: Arc<dyn IdempotencyStore<Codec = Json>>,
}

impl Service {
    #[idempotent(key = id, fingerprint(amount), store = self.store, store_err)]
    async fn pay(&self, id: &str, amount: f64) -> Result<Receipt, PayError> {
        let _ = id;
        if amount < 0.0 { Err(PayError::Declined) } else { Ok(Receipt { id: 1 }) }
    }
}

fn main() {
    assert_eq!(in_sync(1).unwrap(), in_sync(1).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        assert_eq!(of_a_static(1).await.unwrap(), of_a_static(1).await.unwrap());
        let service = Service { store: Arc::new(MemoryStore::new(10)) };
        assert!(service.pay("a", 1.0).await.is_ok());
        assert!(matches!(service.pay("a", 2.0).await, Err(PayError::Refused(_))));
    });
}
