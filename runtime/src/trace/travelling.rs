//! What came with a trace beside its ids, for as long as some request of it is held.
//!
//! A span is known by ids that are copied around freely; texts cannot be. They lie here instead, once for each trace, and few
//! traces bring any.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use hashbrown::HashMap;

use super::{Baggage, Incoming, TraceId, TraceState};

struct Kept {
    holders: usize,
    state: TraceState,
    baggage: Baggage,
}

static COUNT: AtomicUsize = AtomicUsize::new(0);
static KEPT: Mutex<Option<HashMap<TraceId, Kept, foldhash::fast::RandomState>>> = Mutex::new(None);

/// Keeps what came with one trace.
#[derive(Debug)]
pub(super) struct Held(TraceId);

fn kept() -> MutexGuard<'static, Option<HashMap<TraceId, Kept, foldhash::fast::RandomState>>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps what came, if there is anything. What came last stands for all of a trace.
pub(super) fn hold(incoming: &Incoming) -> Option<Held> {
    let trace = incoming.span?.trace_id;
    if incoming.state.is_empty() && incoming.baggage.is_empty() {
        return None;
    }
    let (state, baggage) = (incoming.state.clone(), incoming.baggage.clone());
    let mut kept = kept();
    let kept = kept.get_or_insert_default();
    let holders = kept.get(&trace).map_or(0, |known| known.holders);
    kept.insert(trace, Kept { holders: holders + 1, state, baggage });
    COUNT.store(kept.len(), Ordering::Relaxed);
    Some(Held(trace))
}

/// What goes along with that trace.
pub(super) fn with(trace: TraceId) -> Option<(TraceState, Baggage)> {
    if COUNT.load(Ordering::Relaxed) == 0 {
        return None;
    }
    kept().as_ref()?.get(&trace).map(|known| (known.state.clone(), known.baggage.clone()))
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut kept = kept();
        let Some(kept) = kept.as_mut() else { return };
        let is_last = kept.get_mut(&self.0).is_some_and(|known| {
            known.holders -= 1;
            known.holders == 0
        });
        if is_last {
            kept.remove(&self.0);
        }
        COUNT.store(kept.len(), Ordering::Relaxed);
    }
}
