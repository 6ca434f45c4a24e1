use std::{fmt, time::Duration};

use crate::Error;

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The call is late.
    Latency,
    /// The call fails.
    Error,
    /// The call panics.
    Panic,
    /// The call never answers.
    Drop,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Latency, Self::Error, Self::Panic, Self::Drop];

    /// A stable name in snake case, for labels and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Error => "error",
            Self::Panic => "panic",
            Self::Drop => "drop",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What becomes of one call: first it may be late, then it has an end.
#[derive(Debug, Clone, PartialEq)]
pub struct Fate {
    /// How much later it is.
    pub delay: Duration,
    /// What comes after that.
    pub end: End,
}

/// How a call goes on.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum End {
    /// As if nothing were there.
    Pass,
    /// It fails: with this error, or with what the policy's options say.
    Fail(Option<Error>),
    /// It panics.
    Panic,
    /// It never answers. A sync call, which nothing could end, fails instead.
    Hang,
    /// It never answers either; where nothing has ended it after so long, beyond the [deadline](crate::deadline) around it, it
    /// panics and says what to write. For tests, which would wait for ever without a word.
    HangAtMost(Duration),
}

impl Fate {
    /// The call is let through.
    pub const PASS: Self = Self { delay: Duration::ZERO, end: End::Pass };

    /// It fails at once.
    pub const fn fail() -> Self {
        Self { delay: Duration::ZERO, end: End::Fail(None) }
    }

    /// It fails at once with that error.
    pub const fn fail_with(error: Error) -> Self {
        Self { delay: Duration::ZERO, end: End::Fail(Some(error)) }
    }

    /// It panics.
    pub const fn panic() -> Self {
        Self { delay: Duration::ZERO, end: End::Panic }
    }

    /// It never answers.
    pub const fn hang() -> Self {
        Self { delay: Duration::ZERO, end: End::Hang }
    }

    /// It never answers, and panics where nothing has ended it after so long. See [`End::HangAtMost`].
    pub const fn hang_at_most(patience: Duration) -> Self {
        Self { delay: Duration::ZERO, end: End::HangAtMost(patience) }
    }

    /// It is let through after a while.
    pub const fn delay(delay: Duration) -> Self {
        Self { delay, end: End::Pass }
    }
}
