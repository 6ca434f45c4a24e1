//! How the work of the soak fails.

use mainstay::{Classify, Kind};

pub type Answer = Result<u32, Failure>;

#[derive(Debug, thiserror::Error, Classify)]
pub enum Failure {
    #[transient]
    #[error("connection reset")]
    Reset,
    #[permanent]
    #[error("declined")]
    Declined,
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

impl Failure {
    /// Which policy's kind of refusal it is, if it is one.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Policy(refusal) => Some(refusal.kind()),
            Self::Reset | Self::Declined => None,
        }
    }
}
