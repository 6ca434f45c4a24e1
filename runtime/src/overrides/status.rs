use std::{
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use super::{OverridesError, Report};

/// What became of the latest loads and reloads.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct LoadStatus {
    /// The latest one that went through, and when.
    pub loaded: Option<(SystemTime, Report)>,
    /// The latest one that changed something, and when.
    pub changed: Option<(SystemTime, Report)>,
    /// Why the latest one was refused, and when; `None` once one went through again.
    pub refused: Option<(SystemTime, OverridesError)>,
}

pub(super) struct Status(Mutex<Option<LoadStatus>>);

impl Status {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    pub(super) fn get(&self) -> LoadStatus {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default()
    }

    pub(super) fn note(&self, outcome: Result<Report, OverridesError>) -> Result<Report, OverridesError> {
        let now = SystemTime::now();
        let mut status = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let status = status.get_or_insert_default();
        match &outcome {
            Ok(report) => {
                status.loaded = Some((now, report.clone()));
                status.refused = None;
                if !report.changes().is_empty() {
                    status.changed = Some((now, report.clone()));
                }
            }
            Err(error) => status.refused = Some((now, error.clone())),
        }
        outcome
    }
}
