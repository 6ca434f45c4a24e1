use std::time::Duration;

use super::Timeout;
use crate::{ConfigError, Name, registry};

/// The one option of a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeoutConfig {
    pub(super) limit: Duration,
}

impl TimeoutConfig {
    /// A call may take as long as `limit`. Zero sets no limit.
    pub const fn new(limit: Duration) -> Self {
        Self { limit }
    }

    /// A time limit of its own, known to nobody else. Any limit makes sense, so this does not fail today.
    pub fn build(self, name: impl Into<Name>) -> Result<Timeout, ConfigError> {
        Ok(Timeout::new(name.into(), self))
    }

    /// The time limit of that name, made if there is none. It lives as long as the program.
    pub fn register(self, name: impl Into<Name>) -> Result<&'static Timeout, ConfigError> {
        registry::register(self.build(name))
    }
}
