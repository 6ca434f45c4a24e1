//! Options of annotated functions set from outside.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod explained;
mod load;
mod mistakes;
mod reload;
mod rows;
mod switches;

use std::sync::{Mutex, MutexGuard, PoisonError};

use mainstay::overrides::{Overrides, OverridesError, Report, overrides};

/// What is in force as long as this lives. One test at a time has any, as a kind is that of the whole process.
struct InForce(#[allow(dead_code, reason = "held")] MutexGuard<'static, ()>);

impl InForce {
    fn nothing() -> Self {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        Self(ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn load(&self, overrides: Overrides) -> Result<Report, OverridesError> {
        overrides.load()
    }
}

impl Drop for InForce {
    fn drop(&mut self) {
        let _ = overrides().load();
    }
}
