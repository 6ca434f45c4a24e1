use std::time::Duration;

use super::Timeout;
use crate::{ConfigError, Name, clock, deadline::NEVER, overrides::Opt, registry};

/// The options of a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeoutConfig {
    limit: Duration,
    /// The same in nanoseconds, as calls read it; [`NEVER`] for no limit.
    nanos: u64,
    exact: bool,
    /// Whether these were set from outside, so that they go before what a function or a call says.
    limit_is_set: bool,
    exact_is_set: bool,
}

impl TimeoutConfig {
    /// What can be set from outside.
    pub(super) const OPTIONS: &'static [Opt<Self>] = &[
        Opt::duration(
            "limit",
            |config: Self, limit| Self { limit_is_set: true, ..config.limit(limit) },
            |config: &Self| {
                let is_set = config.limit_is_set || !config.limit.is_zero();
                Some(if is_set { format!("{:?}", config.limit) } else { "set by each call".to_owned() })
            },
        )
        .required(),
        Opt::flag(
            "exact",
            |config, exact| Self { exact_is_set: true, ..config.exact(exact) },
            |config| Some(config.exact.to_string()),
        ),
    ];

    /// A call may take as long as `limit`. Zero sets no limit.
    pub const fn new(limit: Duration) -> Self {
        Self { limit, nanos: nanos(limit), exact: false, limit_is_set: false, exact_is_set: false }
    }

    const fn limit(self, limit: Duration) -> Self {
        Self { limit, nanos: nanos(limit), ..self }
    }

    /// Whether a call is cut off by a timer of its own, to the millisecond. Default: no; the timer that all share costs a
    /// fraction of it and is 1 to 2 ms late at most, never early.
    #[must_use]
    pub const fn exact(self, exact: bool) -> Self {
        Self { exact, ..self }
    }

    /// A time limit of its own, known to nobody else. Any limit makes sense, so this does not fail today.
    pub fn build(self, name: impl Into<Name>) -> Result<Timeout, ConfigError> {
        Ok(Timeout::new(name.into(), self))
    }

    /// The time limit of that name, made if there is none. It lives as long as the program.
    pub fn register(self, name: impl Into<Name>) -> Result<&'static Timeout, ConfigError> {
        registry::register(self.build(name))
    }

    pub(super) const fn duration(&self) -> Duration {
        self.limit
    }

    pub(super) const fn is_exact(&self) -> bool {
        self.exact
    }

    /// An override of zero would not say whether every call or none is to be cut off.
    pub(super) fn check_override(&self) -> Result<(), ConfigError> {
        match self.limit_is_set && self.limit.is_zero() {
            true => Err(ConfigError::new(
                "limit",
                "a limit of zero would cut off every call: write `enabled = false` for no limit",
            )),
            false => Ok(()),
        }
    }

    /// What counts for a call that the code gives `nanos`, where this was set from outside.
    #[inline]
    pub(super) fn over(&self, code: Terms) -> Terms {
        Terms {
            nanos: if self.limit_is_set { self.nanos } else { code.nanos },
            exact: if self.exact_is_set { self.exact } else { code.exact },
        }
    }

    #[inline]
    pub(super) const fn terms(&self) -> Terms {
        Terms { nanos: self.nanos, exact: self.exact }
    }
}

/// What counts for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terms {
    /// [`NEVER`] for no limit: the shorter of it and another is the other.
    pub(super) nanos: u64,
    pub(super) exact: bool,
}

impl Terms {
    /// Switched off.
    pub(super) const NONE: Self = Self { nanos: NEVER, exact: false };

    #[inline]
    pub(super) const fn are_none(self) -> bool {
        self.nanos == NEVER
    }

    pub(super) const fn limit(self) -> Duration {
        duration(self.nanos)
    }
}

/// In nanoseconds, [`NEVER`] for no limit. Five hundred years and more are [`LONGEST`].
pub(super) const fn nanos(limit: Duration) -> u64 {
    match clock::nanos(limit) {
        0 => NEVER,
        nanos if nanos > LONGEST => LONGEST,
        nanos => nanos,
    }
}

const LONGEST: u64 = NEVER - 1;

/// The same the other way round: zero for no limit.
pub(super) const fn duration(nanos: u64) -> Duration {
    match nanos {
        NEVER => Duration::ZERO,
        nanos => Duration::from_nanos(nanos),
    }
}
