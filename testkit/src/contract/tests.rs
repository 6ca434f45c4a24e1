use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use mainstay_runtime::{
    idempotent::{Claim, IdempotencyStore, MemoryStore, Reserved, Token},
    store::{BoxFuture, Codec, Store, StoreError},
};

use super::{IdempotencyStoreContract, Passing};

struct Bytes;

impl Codec for Bytes {
    const NAME: &'static str = "bytes";
}

fn by_advancing() -> Passing {
    Box::new(|time| Box::pin(tokio::time::advance(time)))
}

#[tokio::test(start_paused = true)]
async fn the_store_in_memory_keeps_its_promises() {
    for max_entries in [1000, 100_000] {
        let store = Arc::new(MemoryStore::<Bytes>::new(max_entries));
        IdempotencyStoreContract::new(store, by_advancing()).check().await;
    }
}

/// What a store may get wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    CompletesWithAnyToken,
    ReleasesWithAnyToken,
    RenewsWhatIsLost,
    ForgetsFingerprints,
    KeepsForever,
    NeverTells,
    CutsRecords,
    HidesTakeovers,
}

struct Faulty {
    store: MemoryStore<Bytes>,
    fault: Fault,
}

impl Faulty {
    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    async fn current(&self, key: &str, token: Token) -> Token {
        let lease = Duration::from_secs(1);
        match self.store.reserve(Claim { key, fingerprint: None, lease, ttl: lease }).await {
            Ok(Reserved::InFlight { token, .. }) => token,
            _ => token,
        }
    }
}

impl Store for Faulty {
    fn describe(&self) -> String {
        "faulty".to_owned()
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.store.ping()
    }
}

impl IdempotencyStore for Faulty {
    type Codec = Bytes;

    fn reserve<'a>(&'a self, mut claim: Claim<'a>) -> BoxFuture<'a, Result<Reserved, StoreError>> {
        if self.has(Fault::ForgetsFingerprints) {
            claim.fingerprint = None;
        }
        Box::pin(async move {
            let reserved = self.store.reserve(claim).await?;
            Ok(match reserved {
                Reserved::Completed { mut record } if self.has(Fault::CutsRecords) => {
                    record.truncate(1000);
                    Reserved::Completed { record }
                }
                Reserved::Claimed { token, .. } if self.has(Fault::HidesTakeovers) => {
                    Reserved::Claimed { token, took_over: false }
                }
                other => other,
            })
        })
    }

    fn renew<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            Ok(self.store.renew(key, token, lease).await? || self.has(Fault::RenewsWhatIsLost))
        })
    }

    fn complete<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        record: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let token =
                if self.has(Fault::CompletesWithAnyToken) { self.current(key, token).await } else { token };
            let ttl = if self.has(Fault::KeepsForever) { Duration::MAX } else { ttl };
            self.store.complete(key, token, record, ttl).await
        })
    }

    fn release<'a>(&'a self, key: &'a str, token: Token) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let token =
                if self.has(Fault::ReleasesWithAnyToken) { self.current(key, token).await } else { token };
            self.store.release(key, token).await
        })
    }

    fn changed<'a>(&'a self, key: &'a str, seen: Token, at_most: Duration) -> BoxFuture<'a, ()> {
        if self.has(Fault::NeverTells) {
            return Box::pin(tokio::time::sleep(at_most));
        }
        self.store.changed(key, seen, at_most)
    }
}

#[test]
fn a_store_that_breaks_a_promise_does_not_pass() {
    use Fault::*;
    for fault in [
        CompletesWithAnyToken,
        ReleasesWithAnyToken,
        RenewsWhatIsLost,
        ForgetsFingerprints,
        KeepsForever,
        NeverTells,
        CutsRecords,
        HidesTakeovers,
    ] {
        let store = Arc::new(Faulty { store: MemoryStore::new(1000), fault });
        let contract = IdempotencyStoreContract::new(store, by_advancing());
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        // A record that is kept for ever is waited for as long.
        let limited =
            async { tokio::time::timeout(Duration::from_secs(20_000), contract.check()).await.unwrap() };
        let passed = catch_unwind(AssertUnwindSafe(|| runtime.block_on(limited)));
        assert!(passed.is_err(), "{fault:?}");
    }
}
