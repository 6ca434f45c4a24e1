//! Health and the shutdown's progress, as the page is told of them.

use std::sync::{Arc, Mutex, PoisonError};

use mainstay_runtime::health::{HealthChecker, Probe};

/// What was last known of them, as JSON.
#[derive(Debug)]
pub(crate) struct Conditions(Mutex<(Arc<str>, Arc<str>)>);

impl Conditions {
    pub(crate) fn new() -> Self {
        Self(Mutex::new((Arc::from(""), Arc::from(""))))
    }

    pub(crate) fn get(&self) -> (Arc<str>, Arc<str>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks again.
    pub(crate) async fn renew(&self, checker: &HealthChecker) {
        let health = checker.report_async(Probe::Overall).await.to_json();
        let known = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *known = (Arc::from(health), Arc::from(""));
    }
}
