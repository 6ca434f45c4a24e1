use std::{
    sync::{PoisonError, TryLockError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::{
    clock,
    sync::{AtomicU64, Mutex, Ordering},
    trace::SpanContext,
};

/// One observation of a histogram's bucket and the trace in which it was made, so that a slow bucket leads to a slow trace.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Exemplar {
    /// The span in which it was observed.
    pub span: SpanContext,
    /// What was observed.
    pub value: f64,
    /// When, since the Unix epoch.
    pub at: Duration,
}

impl Exemplar {
    /// An observation made now in that span.
    pub fn now(span: SpanContext, value: f64) -> Self {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { span, value, at }
    }
}

/// How old a bucket's exemplar must be before another takes its place, in nanoseconds: one scrape sees one at most.
const FRESH: u64 = 1_000_000_000;

/// A place for the exemplar of one bucket.
#[derive(Debug)]
pub(super) struct Place {
    /// When the next one is welcome, on the policies' clock.
    next: AtomicU64,
    exemplar: Mutex<Option<Exemplar>>,
}

impl Place {
    pub(super) fn new() -> Self {
        Self { next: AtomicU64::new(0), exemplar: Mutex::new(None) }
    }

    /// Keeps this one if the one that is there has been for a while. Never waits: one that comes amid another is left out.
    pub(super) fn offer(&self, make: impl FnOnce() -> Exemplar) {
        let now = clock::coarse_now().as_nanos();
        let next = self.next.load(Ordering::Relaxed);
        if now < next {
            return;
        }
        let later = now.saturating_add(FRESH);
        if self.next.compare_exchange(next, later, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        match self.exemplar.try_lock() {
            Ok(mut place) => *place = Some(make()),
            Err(TryLockError::Poisoned(place)) => *place.into_inner() = Some(make()),
            Err(TryLockError::WouldBlock) => {}
        }
    }

    pub(super) fn get(&self) -> Option<Exemplar> {
        *self.exemplar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
