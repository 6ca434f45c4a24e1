use super::{
    Idempotency, IdempotencyConfig, OnCancel,
    keep::{Keep, Kept},
    records::Place,
};
use crate::{Error, Fallible, clock};

/// How a call under a key begins; `C` is what it holds while it runs.
#[derive(Debug)]
pub enum Begun<C, R> {
    /// It runs. `None` where nothing could be recorded, and calls run then.
    Run(Option<C>),
    /// It is answered.
    Answer(R),
    /// It is refused.
    Refused(Error),
    /// The caller's deadline came while it waited.
    Elapsed,
}

/// A key in this process's memory that a call owns. Dropped, it is given back or kept as the policy has it.
#[derive(Debug)]
#[must_use = "dropped, the key is given back"]
pub struct LocalClaim<'p> {
    policy: &'p Idempotency,
    /// What it goes by to its end, whatever is set meanwhile.
    config: &'p IdempotencyConfig,
    place: Place,
    settled: bool,
}

impl<'p> LocalClaim<'p> {
    pub(super) fn new(policy: &'p Idempotency, config: &'p IdempotencyConfig, place: Place) -> Self {
        Self { policy, config, place, settled: false }
    }

    /// Keeps the answer if `keeps` says so and gives the key back otherwise.
    #[doc(hidden)]
    pub fn settle<K: Keep<R>, R: Fallible>(self, answer: &R, keeps: bool) {
        match keeps.then(|| K::keep(answer)).flatten() {
            Some(kept) => self.complete(kept),
            None => self.release(),
        }
    }

    pub(super) fn complete(mut self, kept: Kept) {
        self.settled = true;
        self.policy.records().complete(self.place, kept, clock::coarse_now() + self.config.ttl);
    }

    pub(super) fn release(mut self) {
        self.settled = true;
        self.policy.records().release(self.place);
    }
}

impl Drop for LocalClaim<'_> {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        let (records, config) = (self.policy.records(), self.config);
        // Whether it was still the current claim makes no difference now.
        let _ = match config.on_cancel {
            OnCancel::Release => records.release(self.place),
            OnCancel::Keep => records.renew(self.place, clock::coarse_now() + config.lease_or_default()),
        };
    }
}
