//! Whether requests may be sent here at all, whatever the checks say.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
};

/// The reasons why not.
#[derive(Debug, Default)]
pub(super) struct Gate(Mutex<Reasons>);

#[derive(Debug, Default)]
struct Reasons {
    next: u64,
    /// In the order in which they came up.
    all: Vec<(u64, Cow<'static, str>)>,
}

impl Gate {
    /// The reason that came up first, of those that hold.
    pub(super) fn closed(&self) -> Option<Cow<'static, str>> {
        let reasons = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reasons.all.first().map(|(_, reason)| reason.clone())
    }

    pub(super) fn close(self: &Arc<Self>, reason: Cow<'static, str>) -> NotReady {
        let mut reasons = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reasons.next += 1;
        let id = reasons.next;
        reasons.all.push((id, reason));
        drop(reasons);
        NotReady { gate: Arc::clone(self), id }
    }
}

/// Keeps readiness off until it is dropped. See [`not_ready`](super::not_ready).
#[derive(Debug)]
#[must_use = "readiness is off until this is dropped"]
pub struct NotReady {
    gate: Arc<Gate>,
    id: u64,
}

impl NotReady {
    /// Keeps it off for good, as a shutdown does.
    pub fn forever(self) {
        std::mem::forget(self);
    }
}

impl Drop for NotReady {
    fn drop(&mut self) {
        let mut reasons = self.gate.0.lock().unwrap_or_else(PoisonError::into_inner);
        reasons.all.retain(|(id, _)| *id != self.id);
    }
}
