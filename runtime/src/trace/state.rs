//! Whether spans are recorded, as one word, and as a bit at each annotated function.

use std::sync::{
    Mutex, OnceLock, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use super::{SpanContext, SpanSite, current};

static IS_ON: AtomicBool = AtomicBool::new(false);
/// The annotated functions that have been called.
static SITES: Mutex<Vec<&'static SpanSite>> = Mutex::new(Vec::new());

#[inline]
pub(super) fn is_on() -> bool {
    IS_ON.load(Ordering::Relaxed)
}

/// Begins or ends recording, everywhere.
pub(super) fn turn(on: bool) {
    let sites = SITES.lock().unwrap_or_else(PoisonError::into_inner);
    IS_ON.store(on, Ordering::Relaxed);
    tell(&sites);
}

fn tell(sites: &[&'static SpanSite]) {
    let (on, among_others) = (is_on(), foreign().is_some());
    sites.iter().for_each(|site| site.record(on, among_others));
}

/// Makes a function known. Who has `claim`ed it does, under the lock, so that no turn passes it by.
pub(super) fn enlist(site: &'static SpanSite, claim: impl FnOnce() -> bool) -> bool {
    let mut sites = SITES.lock().unwrap_or_else(PoisonError::into_inner);
    let is_first = claim();
    if is_first {
        sites.push(site);
        tell(&[site]);
    }
    is_first
}

pub(super) type Foreign = fn() -> Option<SpanContext>;

static FOREIGN: OnceLock<Foreign> = OnceLock::new();

/// Lets spans of another library be parents of ours: `current` tells which of its spans runs on this thread. It is asked when
/// a span begins and whenever one is entered. The first one given stays.
///
/// Whether it was the first.
pub fn set_foreign_parent(current: fn() -> Option<SpanContext>) -> bool {
    let sites = SITES.lock().unwrap_or_else(PoisonError::into_inner);
    let is_first = FOREIGN.set(current).is_ok();
    tell(&sites);
    is_first
}

/// The span that one begun here is a child of: [`current`](super::current), or that of another library where it is inside of it.
///
/// Log lines and outgoing headers read it.
pub fn innermost() -> Option<SpanContext> {
    current::innermost().0
}

#[inline]
pub(super) fn foreign() -> Option<Foreign> {
    FOREIGN.get().copied()
}
