//! A call whose claim the store holds by a lease.

use super::{
    BegunIn, StoreClaim, StoreKey,
    begin::{Ask, begin_asking},
    reserving::Reserving,
};
use crate::{
    clock::Instant,
    idempotent::{Idempotency, IdempotencyConfig, IdempotencyStore, Reserved},
    store::{BoxFuture, Fingerprint, StoreError, StoreRef},
};

struct Alone<'a, S: ?Sized + IdempotencyStore> {
    config: &'a IdempotencyConfig,
    store: &'a StoreRef<S>,
    key: &'a StoreKey,
    fingerprint: Option<Fingerprint>,
}

impl<S: ?Sized + IdempotencyStore> Ask for Alone<'_, S> {
    fn ask(&mut self) -> BoxFuture<'_, Result<Reserved, StoreError>> {
        let Self { config, store, key, fingerprint } = self;
        Box::pin(Reserving::new(store, key, *fingerprint, config))
    }
}

/// Begins a call, waiting for one that runs under the key where the policy has it. Cancel-safe.
pub async fn begin<'p, S: ?Sized + IdempotencyStore>(
    policy: &'p Idempotency,
    store: &StoreRef<S>,
    key: &StoreKey,
    fingerprint: Option<Fingerprint>,
    deadline: Option<Instant>,
) -> BegunIn<StoreClaim<'p, S>> {
    // The call goes by these to its end, whatever is set meanwhile.
    let config = policy.config();
    let mut asks = Alone { config, store, key, fingerprint };
    let begun = begin_asking(policy, config, store, key, deadline, &mut asks).await;
    // The store counted from a later moment, so the lease runs out no earlier than this.
    let lease = config.lease_or_default();
    begun.map(|made| {
        StoreClaim::new((policy, config), store.clone(), key.clone(), made.token, made.asked + lease)
    })
}
