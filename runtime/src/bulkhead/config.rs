use std::{fmt, time::Duration};

use super::Bulkhead;
use crate::{ConfigError, overrides::Opt, registry};

/// What a [`Bulkhead`] is made from: the options of `#[bulkhead]`, with the same names and defaults.
///
/// | options given | a call that finds every place taken |
/// |---|---|
/// | none | is refused at once |
/// | `max_wait` | queues for at most that long; the queue holds as many callers as there are places |
/// | `max_queue` | queues if fewer than that many are waiting, with no time limit of its own |
/// | both | both hold |
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::bulkhead::BulkheadConfig;
///
/// let bulkhead = BulkheadConfig::new(10).max_wait(Duration::from_millis(200)).max_queue(50).build("payments")?;
/// assert_eq!(bulkhead.available(), 10);
///
/// let wrong = BulkheadConfig::new(0).check().unwrap_err();
/// assert_eq!(wrong.option(), "limit");
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BulkheadConfig {
    limit: u32,
    max_wait: Duration,
    pub(super) max_queue: Option<u32>,
}

impl BulkheadConfig {
    /// At most `limit` calls in flight, and no queue.
    pub const fn new(limit: u32) -> Self {
        Self { limit, max_wait: Duration::ZERO, max_queue: None }
    }

    /// How long a call may wait for a place (default: zero, which sets no time; without `max_queue` it means no wait).
    #[must_use]
    pub const fn max_wait(mut self, max_wait: Duration) -> Self {
        self.max_wait = max_wait;
        self
    }

    /// How many calls may wait for a place at once (default: as many as there are places if `max_wait` is given, else
    /// none).
    #[must_use]
    pub const fn max_queue(mut self, max_queue: u32) -> Self {
        self.max_queue = Some(max_queue);
        self
    }

    /// Whether the options make sense, alone and together.
    ///
    /// # Errors
    /// `limit` is zero, or `max_queue` is zero beside a `max_wait`.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if let Err(error) = check_limit(self.limit) {
            return Err(error);
        }
        if matches!(self.max_queue, Some(0)) && !self.max_wait.is_zero() {
            return Err(ConfigError::new(
                "max_queue",
                "nobody can wait in a queue of 0; drop `max_wait` to refuse at once, or make the queue at least 1",
            ));
        }
        Ok(())
    }

    pub(super) const OPTIONS: &'static [Opt<Self>] = &[
        Opt::count(
            "limit",
            |config, limit| Self { limit, ..config },
            |config| Some(config.limit.to_string()),
        )
        .required(),
        Opt::duration("max_wait", Self::max_wait, |config| {
            config.wait_limit().map(|wait| format!("{wait:?}"))
        })
        .optional(|config| config.max_wait(Duration::ZERO)),
        Opt::count("max_queue", Self::max_queue, |config| config.max_queue.map(|most| most.to_string()))
            .optional(|config| Self { max_queue: None, ..config }),
    ];

    pub(super) const fn limit(&self) -> u32 {
        self.limit
    }

    /// The longest wait, `None` for one without end.
    pub(super) fn wait_limit(&self) -> Option<Duration> {
        (!self.max_wait.is_zero()).then_some(self.max_wait)
    }

    /// How many may wait while `limit` places are there; zero means that nobody may.
    pub(super) const fn queue_limit(&self, limit: u32) -> u32 {
        match self.max_queue {
            Some(max_queue) => max_queue,
            None if self.max_wait.is_zero() => 0,
            None => limit,
        }
    }
}

registry::made!(BulkheadConfig => Bulkhead::new);

pub(super) const fn check_limit(limit: u32) -> Result<(), ConfigError> {
    match limit {
        0 => Err(ConfigError::new("limit", "no call could ever enter; let at least 1 in")),
        _ => Ok(()),
    }
}

impl fmt::Display for BulkheadConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "limit {}", self.limit)?;
        if !self.max_wait.is_zero() {
            write!(f, ", max_wait {:?}", self.max_wait)?;
        }
        match self.max_queue {
            Some(max_queue) => write!(f, ", max_queue {max_queue}"),
            None => Ok(()),
        }
    }
}
