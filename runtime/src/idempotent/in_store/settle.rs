use std::time::Duration;

use super::{BegunIn, StoreClaim, alone::begin};
use crate::{
    Error, clock,
    idempotent::{Idempotency, IdempotencyStore, keep::lost},
    observe::{Event, report},
    store::{CodecError, Fingerprint, OnStoreError, StoreError, StoreErrorKind},
};

/// How a call under a key in a store ended.
#[derive(Debug)]
pub enum Settled {
    /// Its answer stands.
    Own,
    /// Another call had taken over; this is what that one gave, and what every caller gets.
    Theirs(Vec<u8>),
    /// It cannot be told what is recorded.
    Refused(Error),
}

/// Records what a call gave, or gives the key back where that is `None`.
///
/// Where the store is away, this is tried until the lease runs out. Where another call has taken over, that one's answer is
/// waited for: who shares a key gets one answer.
pub async fn settle<S: ?Sized + IdempotencyStore>(
    mut claim: StoreClaim<'_, S>,
    record: Option<Result<Vec<u8>, CodecError>>,
    fingerprint: Option<Fingerprint>,
) -> Settled {
    let record = match record {
        None => {
            claim.release().await;
            return Settled::Own;
        }
        Some(Ok(record)) => record,
        Some(Err(error)) => return claim.complete_unwritten(error).await,
    };
    loop {
        match claim.complete(&record).await {
            Ok(true) => {
                claim.settle();
                return Settled::Own;
            }
            Err(error) => return claim.unrecorded(error),
            Ok(false) => {}
        }
        let policy = claim.policy;
        let (store, key) = (claim.store.clone(), claim.key.clone());
        claim.settle();
        policy.count_late(key.own());
        match begin(policy, &store, &key, fingerprint, None).await {
            BegunIn::Run(Some(again)) => claim = again,
            BegunIn::Run(None) | BegunIn::Elapsed => return Settled::Own,
            BegunIn::Completed(record) => return Settled::Theirs(record),
            BegunIn::Refused(error) => return Settled::Refused(error),
        }
    }
}

impl<S: ?Sized + IdempotencyStore> StoreClaim<'_, S> {
    /// Completes, trying again while the lease lasts.
    async fn complete(&self, record: &[u8]) -> Result<bool, StoreError> {
        let mut pause = Duration::from_millis(10);
        loop {
            let error = match self.store.complete(&self.key, self.token, record, self.config.ttl).await {
                Ok(is_current) => return Ok(is_current),
                Err(error) => error,
            };
            report(&Event::StoreFailed { policy: self.policy.name(), error: &error });
            let may_pass = matches!(error.kind(), StoreErrorKind::Unavailable | StoreErrorKind::TimedOut);
            if !may_pass || clock::now() + pause >= self.lease_ends {
                return Err(error);
            }
            clock::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    /// Ends a call whose answer the codec cannot write. That it ran is recorded all the same: the next call would run again, and
    /// its answer be no better.
    async fn complete_unwritten(mut self, error: CodecError) -> Settled {
        let unwritten = self.complete(&lost(&error)).await;
        self.settle();
        let error = match unwritten {
            Err(error) => error,
            Ok(_) => StoreError::codec(self.store.describe(), "complete", error),
        };
        self.unrecorded(error)
    }

    /// What a call gets that has run and could not be recorded. The key stays claimed until its lease runs out.
    fn unrecorded(mut self, error: StoreError) -> Settled {
        self.settle();
        match self.config.on_store_error {
            OnStoreError::Open => Settled::Own,
            OnStoreError::Closed => {
                let error = Error::unrecorded(self.policy.shared_name().clone(), self.key.own(), error);
                Settled::Refused(self.policy.refuse(error))
            }
        }
    }
}

impl Idempotency {
    pub(super) fn count_late(&self, key: &str) {
        self.counts.late.increment();
        report(&Event::CompletionRefused { policy: self.name(), key });
    }
}
