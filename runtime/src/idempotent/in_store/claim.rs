use tokio::task::AbortHandle;

use super::StoreKey;
use crate::{
    clock::Instant,
    idempotent::{Idempotency, IdempotencyConfig, IdempotencyStore, OnCancel, Token},
    observe::{Event, report},
    store::{StoreRef, finish, io},
};

/// A key in a store that a call owns. Dropped, it is given back or kept as the policy has it.
#[must_use = "dropped, the key is given back"]
pub struct StoreClaim<'p, S: ?Sized + IdempotencyStore> {
    pub(crate) policy: &'p Idempotency,
    /// What it goes by to its end, whatever is set meanwhile.
    pub(super) config: &'p IdempotencyConfig,
    pub(crate) store: StoreRef<S>,
    pub(crate) key: StoreKey,
    pub(super) token: Token,
    /// When the lease runs out at the earliest.
    pub(super) lease_ends: Instant,
    /// Whether the store has been told how it ended, or could not be.
    pub(super) settled: bool,
    renewed_beside: Option<AbortHandle>,
}

impl<'p, S: ?Sized + IdempotencyStore> StoreClaim<'p, S> {
    pub(super) fn new(
        (policy, config): (&'p Idempotency, &'p IdempotencyConfig),
        store: StoreRef<S>,
        key: StoreKey,
        token: Token,
        lease_ends: Instant,
    ) -> Self {
        Self { policy, config, store, key, token, lease_ends, settled: false, renewed_beside: None }
    }

    /// The token by which the store knows this call. Systems downstream that remember the greatest one can refuse the work
    /// of a call that lost its lease.
    pub fn token(&self) -> Token {
        self.token
    }

    /// Renews the lease beside a sync call, on the thread of [`io`], until the claim is settled or dropped.
    pub fn renew_beside(&mut self) {
        let Ok(io) = io() else { return };
        let lease = self.config.lease_or_default();
        let (store, key, token) = (self.store.clone(), self.key.clone(), self.token);
        let renewing = async move {
            let mut pause = lease / 3;
            loop {
                tokio::time::sleep(pause).await;
                pause = match store.renew(&key, token, lease).await {
                    Ok(true) => lease / 3,
                    Ok(false) => return,
                    Err(_) => lease / 10,
                };
            }
        };
        self.renewed_beside = Some(io.spawn(renewing).abort_handle());
    }

    pub(super) fn settle(&mut self) {
        self.settled = true;
        if let Some(renewal) = self.renewed_beside.take() {
            renewal.abort();
        }
    }

    /// Gives the key back without waiting for the store.
    pub(crate) fn release_beside(mut self) {
        self.settle();
        self.tell_released();
    }

    fn tell_released(&self) {
        let (store, key, token) = (self.store.clone(), self.key.clone(), self.token);
        finish(async move {
            // A store that cannot be told lets the lease run out.
            let _ = store.release(&key, token).await;
        });
    }

    /// Gives the key back. A store that cannot be told lets the lease run out.
    pub(super) async fn release(&mut self) {
        // Dropped meanwhile, this is tried once more.
        if let Err(error) = self.store.release(&self.key, self.token).await {
            report(&Event::StoreFailed { policy: self.policy.name(), error: &error });
        }
        self.settle();
    }
}

impl<S: ?Sized + IdempotencyStore> Drop for StoreClaim<'_, S> {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        self.settle();
        if self.config.on_cancel == OnCancel::Release {
            self.tell_released();
        }
    }
}

impl<S: ?Sized + IdempotencyStore> std::fmt::Debug for StoreClaim<'_, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key, token, .. } = self;
        f.debug_struct("StoreClaim").field("key", key).field("token", token).finish_non_exhaustive()
    }
}
