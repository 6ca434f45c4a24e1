use mainstay::{Error, idempotent, idempotent::Idempotency};

use crate::support::Body;

struct Bank {
    transfers: Idempotency,
    body: Body,
}

impl Bank {
    fn new() -> Self {
        Self { transfers: Idempotency::builder().build("with.transfers").unwrap(), body: Body::open() }
    }

    #[idempotent(key = id, with = self.transfers)]
    async fn transfer(&self, id: &str) -> Result<u32, Error> {
        let _ = id;
        Ok(self.body.run())
    }

    #[idempotent(key = id, with = self.transfers)]
    fn transfer_sync(&self, id: &str) -> Result<u32, Error> {
        let _ = id;
        Ok(self.body.run())
    }
}

#[tokio::test(start_paused = true)]
async fn each_instance_has_keys_of_its_own() {
    let (one, other) = (Bank::new(), Bank::new());
    assert_eq!(
        (one.transfer("a").await, one.transfer("a").await, one.transfer_sync("a")),
        (Ok(1), Ok(1), Ok(1))
    );
    assert_eq!(other.transfer("a").await, Ok(1));
    assert_eq!((one.body.runs(), other.body.runs(), one.transfers.len()), (1, 1, 1));
    one.transfers.reset();
    assert_eq!(one.transfer("a").await, Ok(2));
}
