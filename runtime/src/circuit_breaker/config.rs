use std::{fmt, time::Duration};

use super::{CircuitBreaker, KeyedCircuitBreaker, word::Effect};
use crate::registry;

/// What a circuit breaker goes by: the options of `#[circuit_breaker]`, with the same names and defaults.
///
/// Without `failure_rate` and `slow_call` the breaker counts failures in a row. With either it looks at a `window` of
/// the latest outcomes.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::circuit_breaker::{CircuitBreakerConfig, Window};
///
/// let breaker = CircuitBreakerConfig::new()
///     .failure_rate(0.5)
///     .window(Window::Count(100))
///     .minimum_calls(20)
///     .timeout(Duration::from_secs(30))
///     .build("payments")?;
/// assert_eq!(breaker.state().to_string(), "closed");
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CircuitBreakerConfig {
    pub(super) failure_threshold: Option<u32>,
    pub(super) failure_rate: Option<f64>,
    pub(super) window: Option<Window>,
    pub(super) minimum_calls: Option<u32>,
    pub(super) slow_call: Option<Duration>,
    pub(super) slow_call_rate: Option<f64>,
    pub(super) success_threshold: u32,
    pub(super) timeout: Duration,
    pub(super) max_timeout: Option<Duration>,
    pub(super) half_open_calls: Option<u32>,
    pub(super) on_cancel: OnCancel,
    pub(super) max_keys: u32,
}

/// The outcomes that a rate is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Exactly the last so many outcomes, 1 to 1,000,000. Each takes two bits.
    Count(u32),
    /// The outcomes of the last so long, at least a millisecond. It slides in twenty steps: an outcome leaves when it
    /// is between 0.95 and 1 times that old. Its memory does not grow with the traffic.
    Time(Duration),
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(calls) => write!(f, "{calls}"),
            Self::Time(span) => write!(f, "{span:?}"),
        }
    }
}

/// What a call counts as that was given up before it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnCancel {
    /// Neither failure nor success: the caller left, which says nothing about the dependency. The default.
    #[default]
    Ignore,
    /// A failure: for callers that give up when the dependency takes too long.
    Failure,
}

impl CircuitBreakerConfig {
    /// The defaults: opens after 5 failures in a row, for 60 seconds, and closes after 2 successful probes.
    pub const fn new() -> Self {
        Self {
            failure_threshold: None,
            failure_rate: None,
            window: None,
            minimum_calls: None,
            slow_call: None,
            slow_call_rate: None,
            success_threshold: 2,
            timeout: Duration::from_secs(60),
            max_timeout: None,
            half_open_calls: None,
            on_cancel: OnCancel::Ignore,
            max_keys: 65_536,
        }
    }

    /// Opens after this many failures in a row; a success starts the count again. Default 5, at most 1,000,000.
    ///
    /// Not together with `failure_rate`. It holds beside `slow_call` where no `failure_rate` is given.
    #[must_use]
    pub const fn failure_threshold(mut self, failures: u32) -> Self {
        self.failure_threshold = Some(failures);
        self
    }

    /// Opens when failures ÷ outcomes in the `window` reaches this rate: above 0, at most 1. Needs `window`.
    ///
    /// The rate is looked at after each outcome once `minimum_calls` are in the window, so a success may open.
    #[must_use]
    pub const fn failure_rate(mut self, rate: f64) -> Self {
        self.failure_rate = Some(rate);
        self
    }

    /// The outcomes that the rates are taken of. Needs `failure_rate` or `slow_call`. It is emptied by every change of
    /// state.
    #[must_use]
    pub const fn window(mut self, window: Window) -> Self {
        self.window = Some(window);
        self
    }

    /// How many outcomes must be in the window before a rate means anything. Default: the whole window if that is a
    /// count, 10 if it is a time.
    #[must_use]
    pub const fn minimum_calls(mut self, calls: u32) -> Self {
        self.minimum_calls = Some(calls);
        self
    }

    /// A call that took this long or longer is slow, whether it succeeded or failed. Needs `window`.
    ///
    /// Slow calls open the breaker by their own rate, and a slow probe counts as a failed one.
    #[must_use]
    pub const fn slow_call(mut self, duration: Duration) -> Self {
        self.slow_call = Some(duration);
        self
    }

    /// Opens when slow calls ÷ outcomes in the `window` reaches this rate: above 0, at most 1. Default 1. Needs
    /// `slow_call`.
    #[must_use]
    pub const fn slow_call_rate(mut self, rate: f64) -> Self {
        self.slow_call_rate = Some(rate);
        self
    }

    /// Closes after this many successful probes. Default 2.
    #[must_use]
    pub const fn success_threshold(mut self, successes: u32) -> Self {
        self.success_threshold = successes;
        self
    }

    /// How long it stays open before it lets probes through. Default 60 seconds.
    #[must_use]
    pub const fn timeout(mut self, period: Duration) -> Self {
        self.timeout = period;
        self
    }

    /// Lets the open period double after each failed probe, up to this. It returns to `timeout` when the breaker
    /// closes. Default: it does not double.
    #[must_use]
    pub const fn max_timeout(mut self, period: Duration) -> Self {
        self.max_timeout = Some(period);
        self
    }

    /// How many probes may be in flight at a time. Default: as many as `success_threshold`.
    ///
    /// A probe keeps its place until its call ends or is dropped: give the call a time limit.
    #[must_use]
    pub const fn half_open_calls(mut self, calls: u32) -> Self {
        self.half_open_calls = Some(calls);
        self
    }

    /// What a call counts as that is given up before it ends. Default: [`OnCancel::Ignore`].
    #[must_use]
    pub const fn on_cancel(mut self, on_cancel: OnCancel) -> Self {
        self.on_cancel = on_cancel;
        self
    }

    /// How many keys a [`KeyedCircuitBreaker`] remembers at a time. Default 65,536. Nothing to a breaker without keys.
    ///
    /// Each takes about half a kilobyte, and its window: a quarter of a byte per call, or 240 bytes for one in time.
    #[must_use]
    pub const fn max_keys(mut self, keys: u32) -> Self {
        self.max_keys = keys;
        self
    }

    /// How many failures in a row open it; `None` where a rate decides.
    pub(super) const fn run_limit(&self) -> Option<u32> {
        match (self.failure_threshold, self.failure_rate) {
            (Some(failures), None) => Some(failures),
            (None, None) => Some(5),
            (_, Some(_)) => None,
        }
    }

    pub(super) const fn minimum(&self) -> u32 {
        match (self.minimum_calls, self.window) {
            (Some(calls), _) | (None, Some(Window::Count(calls))) => calls,
            (None, _) => 10,
        }
    }

    pub(super) const fn slow_rate(&self) -> Option<f64> {
        match (self.slow_call, self.slow_call_rate) {
            (None, _) => None,
            (Some(_), None) => Some(1.0),
            (Some(_), rate) => rate,
        }
    }

    pub(super) const fn probes(&self) -> u32 {
        match self.half_open_calls {
            Some(calls) => calls,
            None => self.success_threshold,
        }
    }

    pub(super) const fn longest_period(&self) -> Duration {
        match self.max_timeout {
            Some(period) => period,
            None => self.timeout,
        }
    }

    /// What a success does to an empty window.
    pub(super) const fn first_effect(&self) -> Effect {
        if self.window.is_some() { Effect::Immediate } else { Effect::None }
    }

    /// Whether an outcome cannot be recorded without knowing the time.
    pub(super) const fn tells_time(&self) -> bool {
        self.slow_call.is_some() || matches!(self.window, Some(Window::Time(_)))
    }

    /// The same behaviour with every default spelt out, so that two ways to write it compare equal.
    pub(super) const fn spelt_out(mut self) -> Self {
        self.failure_threshold = self.run_limit();
        self.slow_call_rate = self.slow_rate();
        self.half_open_calls = Some(self.probes());
        if self.window.is_some() {
            self.minimum_calls = Some(self.minimum());
        }
        self
    }
}

registry::made!(CircuitBreakerConfig: check, build, register => CircuitBreaker::new);
registry::made!(CircuitBreakerConfig: check_keyed, build_keyed, register_keyed => KeyedCircuitBreaker::new);

impl Default for CircuitBreakerConfig {
    fn default() -> Self {
        Self::new()
    }
}

/// The options in force, as they are written in `#[circuit_breaker(…)]`.
impl fmt::Display for CircuitBreakerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.spelt_out();
        if let Some(failures) = all.failure_threshold {
            write!(f, "failure_threshold = {failures}, ")?;
        }
        if let Some(rate) = all.failure_rate {
            write!(f, "failure_rate = {rate}, ")?;
        }
        if let Some(window) = all.window {
            write!(f, "window = {window}, minimum_calls = {}, ", all.minimum())?;
        }
        if let (Some(slow), Some(rate)) = (all.slow_call, all.slow_call_rate) {
            write!(f, "slow_call = {slow:?}, slow_call_rate = {rate}, ")?;
        }
        write!(f, "success_threshold = {}, timeout = {:?}, ", all.success_threshold, all.timeout)?;
        if let Some(period) = all.max_timeout {
            write!(f, "max_timeout = {period:?}, ")?;
        }
        write!(f, "half_open_calls = {}", all.probes())?;
        if all.on_cancel == OnCancel::Failure {
            f.write_str(", on_cancel = failure")?;
        }
        Ok(())
    }
}
