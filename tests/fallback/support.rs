//! The error of all tests here.

use std::time::Duration;

use mainstay::Classify;

#[derive(Debug, Clone, PartialEq, Classify, thiserror::Error)]
pub(crate) enum Failure {
    #[error("connection reset")]
    #[transient]
    Reset,
    #[error("declined")]
    #[permanent]
    Declined,
    #[error("status {0}")]
    #[transient]
    Status(u16),
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

pub(crate) type Answer<T = u32> = Result<T, Failure>;

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}
