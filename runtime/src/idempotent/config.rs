use std::{fmt, time::Duration};

use super::Idempotency;
use crate::{ConfigError, overrides::Opt, registry, store::OnStoreError};

/// What a call gets whose key has completed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDuplicate {
    /// What the first call gave.
    Replay,
    /// [`Error::Duplicate`](crate::Error::Duplicate), which carries what the first call gave.
    Error,
}

/// What a call gets whose key is in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InFlight {
    /// It waits for the call that runs, and gets what that one gives.
    Wait,
    /// [`Error::InFlight`](crate::Error::InFlight), at once.
    Reject,
}

/// What becomes of the key of a call that is dropped or panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnCancel {
    /// It is given back: the next call runs.
    Release,
    /// It stays claimed until its lease runs out.
    Keep,
}

/// What an [`Idempotency`] is made from: the options of `#[idempotent]`, with the same names and defaults.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::idempotent::{Idempotency, OnDuplicate};
///
/// let transfers = Idempotency::builder()
///     .ttl(Duration::from_secs(7 * 86_400))
///     .on_duplicate(OnDuplicate::Error)
///     .build("transfers")?;
/// assert_eq!(transfers.name(), "transfers");
///
/// let wrong = Idempotency::builder().ttl(Duration::ZERO).check().unwrap_err();
/// assert_eq!(wrong.option(), "ttl");
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IdempotencyConfig {
    pub(super) ttl: Duration,
    lease: Option<Duration>,
    pub(super) max_wait: Duration,
    pub(super) max_entries: u32,
    pub(super) on_duplicate: OnDuplicate,
    pub(super) in_flight: InFlight,
    pub(super) on_cancel: OnCancel,
    pub(super) on_store_error: OnStoreError,
}

impl IdempotencyConfig {
    /// The defaults.
    pub const fn new() -> Self {
        Self {
            ttl: Duration::from_secs(86_400),
            lease: None,
            max_wait: Duration::MAX,
            max_entries: 1_000_000,
            on_duplicate: OnDuplicate::Replay,
            in_flight: InFlight::Wait,
            on_cancel: OnCancel::Release,
            on_store_error: OnStoreError::Closed,
        }
    }

    /// How long what a call gave is kept, from its completion on (default: 24 hours).
    #[must_use]
    pub const fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }

    /// How long a key stays claimed when its owner is no longer heard of (default: 30 seconds, or `ttl` if that is less). It is renewed every third of
    /// that while the call runs. Without a store outside this process only a call
    /// that was dropped or has panicked needs it, with [`OnCancel::Keep`].
    #[must_use]
    pub const fn lease(mut self, lease: Duration) -> Self {
        self.lease = Some(lease);
        self
    }

    /// How long a call waits for one in flight (default: as long as that takes).
    #[must_use]
    pub const fn max_wait(mut self, max_wait: Duration) -> Self {
        self.max_wait = max_wait;
        self
    }

    /// How many keys are kept in memory where there is no store outside this process (default: 1,000,000).
    #[must_use]
    pub const fn max_entries(mut self, max_entries: u32) -> Self {
        self.max_entries = max_entries;
        self
    }

    /// What a call gets whose key has completed before (default: what the first call gave).
    #[must_use]
    pub const fn on_duplicate(mut self, on_duplicate: OnDuplicate) -> Self {
        self.on_duplicate = on_duplicate;
        self
    }

    /// What a call gets whose key is in flight (default: it waits).
    #[must_use]
    pub const fn in_flight(mut self, in_flight: InFlight) -> Self {
        self.in_flight = in_flight;
        self
    }

    /// What becomes of the key of a call that is dropped or panics (default: it is given back).
    #[must_use]
    pub const fn on_cancel(mut self, on_cancel: OnCancel) -> Self {
        self.on_cancel = on_cancel;
        self
    }

    /// What happens where the store cannot answer, or memory is full (default: the call is refused).
    #[must_use]
    pub const fn on_store_error(mut self, on_store_error: OnStoreError) -> Self {
        self.on_store_error = on_store_error;
        self
    }

    /// Whether the options make sense, alone and together.
    ///
    /// # Errors
    /// `ttl`, `lease` or `max_entries` is zero, `lease` is below 10 ms or above `ttl`, or `max_wait` is given where calls do
    /// not wait.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if self.ttl.is_zero() {
            return Err(ConfigError::new(
                "ttl",
                "nothing would be kept; say how long a repeated call may come",
            ));
        }
        let Some(lease) = self.lease else { return self.check_rest() };
        if lease.as_millis() < 10 {
            return Err(ConfigError::new(
                "lease",
                "a lease below 10 ms runs out between two renewals; seconds are usual",
            ));
        }
        if lease.as_nanos() > self.ttl.as_nanos() {
            return Err(ConfigError::new(
                "lease",
                "the lease is longer than `ttl`; shorten it or keep records longer",
            ));
        }
        self.check_rest()
    }

    const fn check_rest(&self) -> Result<(), ConfigError> {
        if self.max_entries == 0 {
            return Err(ConfigError::new("max_entries", "nothing could be kept; make it at least 1"));
        }
        if matches!(self.in_flight, InFlight::Reject) && self.max_wait.as_nanos() != Duration::MAX.as_nanos()
        {
            return Err(ConfigError::new(
                "max_wait",
                "`in_flight = reject` never waits; keep one of the two",
            ));
        }
        Ok(())
    }

    pub(super) const OPTIONS: &'static [Opt<Self>] = &[
        Opt::duration("ttl", Self::ttl, |config| Some(format!("{:?}", config.ttl))),
        Opt::duration("lease", Self::lease, |config| config.lease.map(|lease| format!("{lease:?}")))
            .optional(|config| Self { lease: None, ..config }),
        Opt::duration("max_wait", Self::max_wait, |config| {
            (config.max_wait < Duration::MAX).then(|| format!("{:?}", config.max_wait))
        })
        .optional(|config| config.max_wait(Duration::MAX)),
        Opt::count("max_entries", Self::max_entries, |config| Some(config.max_entries.to_string())),
        Opt::word(
            "on_duplicate",
            &["replay", "error"],
            |config, word| {
                config.on_duplicate(if word == 0 { OnDuplicate::Replay } else { OnDuplicate::Error })
            },
            |config| word(config.on_duplicate == OnDuplicate::Replay, "replay", "error"),
        ),
        Opt::word(
            "in_flight",
            &["wait", "reject"],
            |config, word| config.in_flight(if word == 0 { InFlight::Wait } else { InFlight::Reject }),
            |config| word(config.in_flight == InFlight::Wait, "wait", "reject"),
        ),
        Opt::word(
            "on_cancel",
            &["release", "keep"],
            |config, word| config.on_cancel(if word == 0 { OnCancel::Release } else { OnCancel::Keep }),
            |config| word(config.on_cancel == OnCancel::Release, "release", "keep"),
        ),
        Opt::word(
            "on_store_error",
            &["closed", "open"],
            |config, word| {
                config.on_store_error(if word == 0 { OnStoreError::Closed } else { OnStoreError::Open })
            },
            |config| Some(config.on_store_error.to_string()),
        ),
    ];

    pub(super) fn lease_or_default(&self) -> Duration {
        self.lease.unwrap_or(Duration::from_secs(30).min(self.ttl))
    }
}

registry::made!(IdempotencyConfig => Idempotency::new);

fn word(is_first: bool, first: &str, second: &str) -> Option<String> {
    Some(if is_first { first } else { second }.to_owned())
}

impl Default for IdempotencyConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for IdempotencyConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ttl {:?}, lease {:?}, max_entries {}",
            self.ttl,
            self.lease_or_default(),
            self.max_entries
        )?;
        if self.on_duplicate == OnDuplicate::Error {
            f.write_str(", on_duplicate error")?;
        }
        match self.in_flight {
            InFlight::Reject => f.write_str(", in_flight reject")?,
            InFlight::Wait if self.max_wait < Duration::MAX => write!(f, ", max_wait {:?}", self.max_wait)?,
            InFlight::Wait => {}
        }
        if self.on_cancel == OnCancel::Keep {
            f.write_str(", on_cancel keep")?;
        }
        if self.on_store_error == OnStoreError::Open {
            f.write_str(", on_store_error open")?;
        }
        Ok(())
    }
}
