use std::time::Duration;

use super::Signal;
use crate::ConfigError;

/// What a [`GracefulShutdown`](super::GracefulShutdown) is made from.
///
/// All times lie within [`timeout`](Self::timeout), which begins with the signal:
///
/// ```text
/// signal ── pre_drain ──┬── drain_timeout ──┬── handlers, each its own time ──┬── flush_timeout ──┐
///  not ready, serving   │  no new work,     │  announce, stop, flush, close   │  telemetry        │ exit
///                       │  what runs ends   │                                 │                   │
/// ├───────────────────────────────────── timeout ─────────────────────────────────────────────────┤
/// ```
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::shutdown::{ShutdownConfig, Signal};
///
/// let config = ShutdownConfig::new()
///     .timeout(Duration::from_secs(25))
///     .pre_drain(Duration::from_secs(5))
///     .signals(&[Signal::Terminate, Signal::Interrupt, Signal::Quit]);
/// assert!(config.check().is_ok());
///
/// let wrong = config.pre_drain(Duration::from_secs(30)).check().unwrap_err();
/// assert_eq!(wrong.option(), "pre_drain");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShutdownConfig {
    timeout: Duration,
    signals: &'static [Signal],
    pre_drain: Duration,
    drain_timeout: Option<Duration>,
    handler_timeout: Duration,
    flush_timeout: Option<Duration>,
    order: Order,
}

/// How the handlers of one phase run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Order {
    /// One after another, in the order in which they were registered.
    #[default]
    OneByOne,
    /// All at once, but for those that come `after` others.
    SideBySide,
}

impl Default for ShutdownConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl ShutdownConfig {
    /// Thirty seconds, at SIGTERM and SIGINT, without a pre-drain.
    pub const fn new() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            signals: &[Signal::Terminate, Signal::Interrupt],
            pre_drain: Duration::ZERO,
            drain_timeout: None,
            handler_timeout: Duration::from_secs(10),
            flush_timeout: None,
            order: Order::OneByOne,
        }
    }

    /// The whole, from the signal to the exit (default: 30 s).
    ///
    /// What kills the process at last has to wait for longer: see the guide for Kubernetes, Docker and systemd.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The signals that begin a shutdown (default: SIGTERM and SIGINT). None leaves signals alone: then
    /// [`trigger`](super::GracefulShutdown::trigger) begins it.
    #[must_use]
    pub const fn signals(mut self, signals: &'static [Signal]) -> Self {
        self.signals = signals;
        self
    }

    /// How long the program goes on serving while it says that it is not ready, for load balancers to notice (default: zero).
    #[must_use]
    pub const fn pre_drain(mut self, pre_drain: Duration) -> Self {
        self.pre_drain = pre_drain;
        self
    }

    /// How long work that is in flight may take to end once no more is accepted (default: half of `timeout`).
    /// With `flush_timeout` it is less than `timeout`.
    #[must_use]
    pub const fn drain_timeout(mut self, drain_timeout: Duration) -> Self {
        self.drain_timeout = Some(drain_timeout);
        self
    }

    /// How long a handler may take that sets no `timeout` of its own (default: 10 s). It is less where less time is left than
    /// that for each of those to come.
    #[must_use]
    pub const fn handler_timeout(mut self, handler_timeout: Duration) -> Self {
        self.handler_timeout = handler_timeout;
        self
    }

    /// What is kept of `timeout` for spans and logs to be sent at last (default: a sixth of `timeout`, at most 5 s).
    #[must_use]
    pub const fn flush_timeout(mut self, flush_timeout: Duration) -> Self {
        self.flush_timeout = Some(flush_timeout);
        self
    }

    /// How the handlers of one phase run (default: [`Order::OneByOne`]).
    #[must_use]
    pub const fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Whether the options make sense, alone and together.
    ///
    /// # Errors
    /// `timeout` or `handler_timeout` is zero; `pre_drain` and `flush_timeout`, or `drain_timeout` and `flush_timeout`, leave
    /// nothing of `timeout`.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if self.timeout.is_zero() {
            return Err(ConfigError::new("timeout", "nothing could end in no time; give it some seconds"));
        }
        if self.handler_timeout.is_zero() {
            return Err(ConfigError::new(
                "handler_timeout",
                "no handler could end in no time; give it some seconds",
            ));
        }
        let (whole, flush) = (self.timeout.as_nanos(), self.flush().as_nanos());
        if flush >= whole {
            return Err(ConfigError::new("flush_timeout", "it is a part of `timeout` and must be shorter"));
        }
        if self.pre_drain.as_nanos() + flush >= whole {
            return Err(ConfigError::new(
                "pre_drain",
                "it is a part of `timeout` and leaves no time to drain; make it shorter (`SHUTDOWN_PRE_DRAIN`), or `timeout` \
                 longer (`SHUTDOWN_TIMEOUT`)",
            ));
        }
        if let Some(drain) = self.drain_timeout
            && drain.as_nanos() + flush >= whole
        {
            return Err(ConfigError::new(
                "drain_timeout",
                "it is a part of `timeout` and leaves no time for handlers; make it shorter \
                 (`SHUTDOWN_DRAIN_TIMEOUT`), or `timeout` longer (`SHUTDOWN_TIMEOUT`)",
            ));
        }
        Ok(())
    }

    /// The whole.
    pub const fn whole(&self) -> Duration {
        self.timeout
    }

    pub(super) const fn pre(&self) -> Duration {
        self.pre_drain
    }

    pub(super) fn drain(&self) -> Duration {
        self.drain_timeout.unwrap_or(self.timeout / 2)
    }

    pub(super) const fn flush(&self) -> Duration {
        match self.flush_timeout {
            Some(given) => given,
            None => {
                let (sixth, most) = (self.timeout.as_nanos() / 6, Duration::from_secs(5));
                if sixth < most.as_nanos() { Duration::from_nanos(sixth as u64) } else { most }
            }
        }
    }

    pub(super) const fn handler(&self) -> Duration {
        self.handler_timeout
    }

    pub(super) const fn in_order(&self) -> Order {
        self.order
    }

    pub(super) const fn wanted_signals(&self) -> &'static [Signal] {
        self.signals
    }
}
