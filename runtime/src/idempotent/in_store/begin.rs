use std::time::Duration;

use super::StoreKey;
use crate::{
    Error,
    clock::{self, Instant},
    deadline::{self, Until},
    idempotent::{Idempotency, IdempotencyConfig, IdempotencyStore, InFlight, Reserved, Token},
    observe::{Event, report},
    store::{BoxFuture, StoreError, StoreRef},
};

/// How a call under a key in a store begins; `C` is what it holds while it runs.
#[derive(Debug)]
pub enum BegunIn<C> {
    /// It runs. `None` where the store could not be asked, and calls run then.
    Run(Option<C>),
    /// A call has completed; this is what was kept.
    Completed(Vec<u8>),
    /// It is refused.
    Refused(Error),
    /// The caller's deadline came while it waited.
    Elapsed,
}

impl<C> BegunIn<C> {
    pub(super) fn map<D>(self, f: impl FnOnce(C) -> D) -> BegunIn<D> {
        match self {
            Self::Run(claim) => BegunIn::Run(claim.map(f)),
            Self::Completed(record) => BegunIn::Completed(record),
            Self::Refused(error) => BegunIn::Refused(error),
            Self::Elapsed => BegunIn::Elapsed,
        }
    }
}

/// Asks the store for the key, once.
pub(super) trait Ask: Send {
    fn ask(&mut self) -> BoxFuture<'_, Result<Reserved, StoreError>>;
}

/// A claim that was just made, by a store asked at `asked`.
pub(super) struct Made {
    pub(super) token: Token,
    pub(super) asked: Instant,
}

/// Asks until the key is the caller's or there is an answer, waiting for a call that runs where the policy has it: to
/// `deadline` at most, or to the deadline around that nobody enforces.
pub(super) async fn begin_asking<S: ?Sized + IdempotencyStore>(
    policy: &Idempotency,
    config: &IdempotencyConfig,
    store: &StoreRef<S>,
    key: &StoreKey,
    deadline: Option<Instant>,
    asks: &mut (impl Ask + ?Sized),
) -> BegunIn<Made> {
    let deadline = deadline.or_else(deadline::unenforced);
    let mut ends = None;
    loop {
        let asked = clock::now();
        let Some(reserved) = Until::new(asks.ask(), deadline).await else {
            return BegunIn::Elapsed;
        };
        let (token, lease_left) = match reserved {
            Ok(Reserved::Claimed { token, took_over }) => {
                policy.count_run(key.own(), took_over);
                return BegunIn::Run(Some(Made { token, asked }));
            }
            Ok(Reserved::Completed { record }) => return BegunIn::Completed(record),
            Ok(Reserved::KeyReused) => return BegunIn::Refused(policy.key_reused(key.own())),
            Ok(Reserved::InFlight { token, lease_left }) => (token, lease_left),
            Err(error) => return policy.store_failed(error).map_or(BegunIn::Run(None), BegunIn::Refused),
        };
        let ends = ends.get_or_insert_with(|| Idempotency::ends(config, deadline));
        let now = clock::now();
        if now >= ends.deadline {
            return BegunIn::Elapsed;
        }
        if config.in_flight == InFlight::Reject || now >= ends.own {
            return BegunIn::Refused(policy.in_flight(key.own(), Some(lease_left)));
        }
        let left = ends.own.min(ends.deadline).saturating_since(now);
        // A lease that is just over is asked for once more, and not at once again and again.
        let at_most = lease_left.max(Duration::from_millis(1)).min(left);
        store.changed(key, token, at_most).await;
    }
}

impl Idempotency {
    fn count_run(&self, key: &str, took_over: bool) {
        self.counts.run.increment();
        if took_over {
            self.counts.took_over.increment();
            report(&Event::TookOver { policy: self.name(), key });
        }
    }
}
