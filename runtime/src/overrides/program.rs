//! The overrides of this program.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{
    Explanation, Known, OverridesError, Report, Source, Steered, desk::Desk, explain::explained,
    status::Status, watch::Watch,
};
use crate::registry::{self, policies};

static DESK: Desk = Desk::new(find);
static WATCH: Mutex<Option<Watch>> = Mutex::new(None);
static STATUS: Status = Status::new();

pub(super) fn find() -> Known {
    Known { kinds: registry::kinds(), targets: policies().targets(), later: BTreeSet::new() }
}

pub(super) fn load(
    sources: Arc<[Box<dyn Source>]>,
    later: Vec<String>,
    watch: Option<Duration>,
) -> Result<Report, OverridesError> {
    let report = STATUS.note(DESK.load(sources, later))?;
    let watch = watch.map(|period| Watch::start(period, look));
    // The one before ends when it is dropped.
    let before = std::mem::replace(&mut *WATCH.lock().unwrap_or_else(PoisonError::into_inner), watch);
    drop(before);
    Ok(report)
}

/// Reads the sources of the last [`load`](super::Overrides::load) again, checks everything and puts it in force, as that
/// did.
///
/// # Errors
/// As of a load, and where nothing was loaded; then nothing is changed.
pub fn reload() -> Result<Report, OverridesError> {
    STATUS.note(DESK.reload())
}

/// What the watching thread does each time.
fn look() {
    if let Some(outcome) = DESK.reload_if_changed() {
        match STATUS.note(outcome) {
            Ok(report) => {
                let (settings, changes) = (report.settings(), report.changes().len());
                tracing::info!(target: "mainstay", settings, changes, "overrides changed and were loaded");
            }
            Err(error) => {
                tracing::error!(target: "mainstay", "{error}\nwhat was in force before stays in force");
            }
        }
    }
}

/// What became of the latest loads.
pub fn status() -> super::LoadStatus {
    STATUS.get()
}

/// Gives a policy that was just registered what is in force.
pub(crate) fn adopt(name: &str, policy: &'static dyn Steered) {
    DESK.adopt(name, policy);
}

/// Reports what came of the policies that were registered since; to be called where no lock is held.
pub(crate) fn report_adopted() {
    DESK.report_adopted();
}

pub(crate) fn explain() -> Explanation {
    explained(&find(), DESK.in_force().as_deref())
}
