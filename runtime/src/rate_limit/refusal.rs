use std::time::Duration;

use super::{amount::Amount, rule::Attempt};
use crate::{Error, Name};

/// Why a request was refused, in two registers: the error is made from it in line, where the caller needs it, instead
/// of travelling through memory.
#[derive(Debug, Clone, Copy)]
pub(super) enum Refusal {
    /// The tokens will be there after so many nanoseconds.
    After(u64),
    /// The bits of the most that is ever there.
    Never(u64),
}

impl Refusal {
    #[inline]
    pub(super) fn new(attempt: Attempt) -> Self {
        match attempt {
            Attempt::Short { due, now } => Self::After(due.as_nanos().saturating_sub(now.as_nanos())),
            Attempt::TooMuch { burst } => Self::Never(burst.to_bits()),
            Attempt::Taken => Self::After(0),
        }
    }

    /// What the caller is told who asked the limiter of this name for so many tokens.
    #[inline]
    pub(super) fn error(self, name: &Name, tokens: f64) -> Error {
        match self {
            Self::After(nanos) => Error::rate_limited(name.clone(), Duration::from_nanos(nanos)),
            Self::Never(burst) => exceeds(name, tokens, f64::from_bits(burst)),
        }
    }
}

#[cold]
fn exceeds(name: &Name, tokens: f64, burst: f64) -> Error {
    let tokens = Amount::from_tokens(tokens).map_or(tokens, Amount::tokens);
    Error::exceeds_burst(name.clone(), tokens, burst)
}
