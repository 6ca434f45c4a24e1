//! A call within a transaction of the caller's, which commits the effect and the record of it together.

use super::{
    BegunIn, Settled, StoreKey,
    begin::{Ask, begin_asking},
};
use crate::{
    Error,
    clock::Instant,
    idempotent::{Claim, Idempotency, IdempotencyConfig, Reserved, Token, TransactionalStore},
    observe::{Event, report},
    store::{BoxFuture, CodecError, Fingerprint, OnStoreError, StoreError, StoreErrorKind, StoreRef},
};

/// A key that a call owns within a transaction. It is given back when the transaction ends without a commit, whatever
/// happens to this.
#[derive(Debug)]
pub struct TransactionClaim<'p> {
    policy: &'p Idempotency,
    config: &'p IdempotencyConfig,
    key: StoreKey,
    token: Token,
}

struct Within<'a, T: ?Sized, S: ?Sized + 'static> {
    config: &'a IdempotencyConfig,
    store: &'a StoreRef<S>,
    transaction: &'a mut T,
    key: &'a StoreKey,
    fingerprint: Option<Fingerprint>,
}

impl<T: ?Sized + Send, S: ?Sized + TransactionalStore<T>> Ask for Within<'_, T, S> {
    fn ask(&mut self) -> BoxFuture<'_, Result<Reserved, StoreError>> {
        let (lease, ttl) = (self.config.lease_or_default(), self.config.ttl);
        let claim = Claim { key: self.key, fingerprint: self.fingerprint, lease, ttl };
        self.store.reserve_in(self.transaction, claim)
    }
}

/// Begins a call within `transaction`, waiting for one that runs under the key where the policy has it.
pub async fn begin_within<'p, T: ?Sized + Send, S: ?Sized + TransactionalStore<T>>(
    policy: &'p Idempotency,
    store: &StoreRef<S>,
    transaction: &mut T,
    key: &StoreKey,
    fingerprint: Option<Fingerprint>,
    deadline: Option<Instant>,
) -> BegunIn<TransactionClaim<'p>> {
    let config = policy.config();
    let mut asks = Within { config, store, transaction, key, fingerprint };
    let begun = begin_asking(policy, config, store, key, deadline, &mut asks).await;
    begun.map(|made| TransactionClaim { policy, config, key: key.clone(), token: made.token })
}

/// Records what a call gave in its transaction, or gives the key back where that is `None`. Nothing is tried again: a
/// database that fails within a transaction has ended it.
pub async fn settle_within<T: ?Sized + Send, S: ?Sized + TransactionalStore<T>>(
    claim: TransactionClaim<'_>,
    store: &StoreRef<S>,
    transaction: &mut T,
    record: Option<Result<Vec<u8>, CodecError>>,
) -> Settled {
    let TransactionClaim { policy, config, key, token } = claim;
    let Some(record) = record else {
        if let Err(error) = store.release_in(transaction, &key, token).await {
            // The transaction is over, and with it the claim.
            report(&Event::StoreFailed { policy: policy.name(), error: &error });
        }
        return Settled::Own;
    };
    let completed = match record {
        Ok(record) => store.complete_in(transaction, &key, token, &record, config.ttl).await,
        Err(error) => Err(StoreError::codec(store.describe(), "complete", error)),
    };
    let error = match completed {
        Ok(true) => return Settled::Own,
        Ok(false) => {
            policy.count_late(key.own());
            StoreError::new(
                StoreErrorKind::Refused,
                store.describe(),
                "complete",
                "another call has taken over the key; roll the transaction back",
            )
        }
        Err(error) => {
            report(&Event::StoreFailed { policy: policy.name(), error: &error });
            if config.on_store_error == OnStoreError::Open {
                return Settled::Own;
            }
            error
        }
    };
    Settled::Refused(policy.refuse(Error::unrecorded(policy.shared_name().clone(), key.own(), error)))
}
