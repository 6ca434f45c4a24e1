use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::StoreKey;
use crate::{
    idempotent::{Claim, IdempotencyConfig, IdempotencyStore, Reserved},
    store::{BoxFuture, Fingerprint, StoreError, StoreRef, finish},
};

/// A reservation under way. Dropped before the store has answered, it goes on by itself and gives back what it may get:
/// otherwise a call that was cancelled at this moment would leave the key claimed until the lease runs out.
pub(super) struct Reserving<S: ?Sized + IdempotencyStore> {
    store: StoreRef<S>,
    key: StoreKey,
    running: Option<BoxFuture<'static, Result<Reserved, StoreError>>>,
}

impl<S: ?Sized + IdempotencyStore> Reserving<S> {
    pub(super) fn new(
        store: &StoreRef<S>,
        key: &StoreKey,
        fingerprint: Option<Fingerprint>,
        config: &IdempotencyConfig,
    ) -> Self {
        let (store, key) = (store.clone(), key.clone());
        let (lease, ttl) = (config.lease_or_default(), config.ttl);
        let running = {
            let (store, key) = (store.clone(), key.clone());
            Box::pin(async move { store.reserve(Claim { key: &key, fingerprint, lease, ttl }).await })
        };
        Self { store, key, running: Some(running) }
    }
}

impl<S: ?Sized + IdempotencyStore> Future for Reserving<S> {
    type Output = Result<Reserved, StoreError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(running) = &mut self.running else { return Poll::Pending };
        let polled = running.as_mut().poll(cx);
        if polled.is_ready() {
            self.running = None;
        }
        polled
    }
}

impl<S: ?Sized + IdempotencyStore> Drop for Reserving<S> {
    fn drop(&mut self) {
        let Some(running) = self.running.take() else { return };
        let (store, key) = (self.store.clone(), self.key.clone());
        finish(async move {
            if let Ok(Reserved::Claimed { token, .. }) = running.await {
                // A store that cannot be told now lets the lease run out.
                let _ = store.release(&key, token).await;
            }
        });
    }
}
