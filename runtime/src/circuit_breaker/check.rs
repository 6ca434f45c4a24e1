//! What a configuration must fulfil.

use std::time::Duration;

use super::{CircuitBreakerConfig, Window};
use crate::ConfigError;

const LARGEST: u32 = 1_000_000;
/// What the windows of all keys may take together, in bytes.
const LARGEST_KEYED: u64 = 1 << 30;

impl CircuitBreakerConfig {
    /// Whether the options go together; if not, the first problem found.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if let Err(error) = self.check_counts() {
            return Err(error);
        }
        if let Err(error) = self.check_rates() {
            return Err(error);
        }
        if let Err(error) = self.check_window() {
            return Err(error);
        }
        self.check_periods()
    }

    /// The same for a breaker per key, where the windows of all keys together must also stay within a gibibyte.
    pub const fn check_keyed(&self) -> Result<(), ConfigError> {
        if let Err(error) = self.check() {
            return Err(error);
        }
        if let Some(Window::Count(calls)) = self.window
            && (calls as u64).div_ceil(4) * self.max_keys as u64 > LARGEST_KEYED
        {
            return problem(
                "max_keys",
                "the windows of so many keys would take more than 1 GiB; lower `max_keys` or the `window`",
            );
        }
        Ok(())
    }

    /// Itself, if the options go together. In a `const` anything else is a compile error.
    #[doc(hidden)]
    #[must_use]
    #[allow(clippy::panic)]
    pub const fn checked(self) -> Self {
        match self.check() {
            Ok(()) => self,
            Err(error) => panic!("{}", error.problem()),
        }
    }

    /// The same for a breaker per key.
    #[doc(hidden)]
    #[must_use]
    #[allow(clippy::panic)]
    pub const fn checked_keyed(self) -> Self {
        match self.check_keyed() {
            Ok(()) => self,
            Err(error) => panic!("{}", error.problem()),
        }
    }

    const fn check_counts(&self) -> Result<(), ConfigError> {
        match self.failure_threshold {
            Some(0) => {
                return problem(
                    "failure_threshold",
                    "it must be at least 1; `failure_threshold = 1` opens on the first failure",
                );
            }
            Some(failures) if failures > LARGEST => {
                return problem(
                    "failure_threshold",
                    "so many failures in a row never come; write at most 1000000, or use `failure_rate` with a `window`",
                );
            }
            Some(_) if self.failure_rate.is_some() => {
                return problem(
                    "failure_threshold",
                    "failures in a row and `failure_rate` exclude each other; keep one of the two",
                );
            }
            _ => {}
        }
        if self.success_threshold == 0 {
            return problem(
                "success_threshold",
                "it must be at least 1; `success_threshold = 1` closes on the first success",
            );
        }
        if let Some(0) = self.half_open_calls {
            return problem(
                "half_open_calls",
                "it must be at least 1; without probes the breaker never closes",
            );
        }
        if self.max_keys == 0 {
            return problem("max_keys", "it must be at least 1; leave `key` off to have a single breaker");
        }
        Ok(())
    }

    const fn check_rates(&self) -> Result<(), ConfigError> {
        if let Some(rate) = self.failure_rate
            && !is_rate(rate)
        {
            return problem(
                "failure_rate",
                "a rate lies above 0 and is at most 1; `0.5` is half of the calls",
            );
        }
        if let Some(rate) = self.slow_call_rate
            && !is_rate(rate)
        {
            return problem(
                "slow_call_rate",
                "a rate lies above 0 and is at most 1; `0.5` is half of the calls",
            );
        }
        if self.slow_call_rate.is_some() && self.slow_call.is_none() {
            return problem(
                "slow_call_rate",
                "it needs `slow_call`, the duration from which on a call is slow; add `slow_call = \"2s\"`",
            );
        }
        Ok(())
    }

    const fn check_window(&self) -> Result<(), ConfigError> {
        let by_rate = self.failure_rate.is_some() || self.slow_call.is_some();
        match self.window {
            None if self.failure_rate.is_some() => {
                return problem(
                    "failure_rate",
                    "a rate needs a `window`; add `window = 100` or `window = \"30s\"`",
                );
            }
            None if self.slow_call.is_some() => {
                return problem(
                    "slow_call",
                    "slow calls need a `window`; add `window = 100` or `window = \"30s\"`",
                );
            }
            None => {}
            Some(_) if !by_rate => {
                return problem(
                    "window",
                    "failures in a row need no window; add `failure_rate` or `slow_call`, or leave it off",
                );
            }
            Some(Window::Count(0)) => return problem("window", "it must hold at least 1 call"),
            Some(Window::Count(calls)) if calls > LARGEST => {
                return problem(
                    "window",
                    "it holds at most 1000000 calls; for more use a time, as in `\"60s\"`",
                );
            }
            Some(Window::Time(span)) if span.as_nanos() < Duration::from_millis(1).as_nanos() => {
                return problem("window", "a window in time must be at least 1ms");
            }
            Some(_) => {}
        }
        match (self.minimum_calls, self.window) {
            (Some(0), _) => problem("minimum_calls", "it must be at least 1"),
            (Some(_), None) => problem(
                "minimum_calls",
                "it needs a `window` and a rate; to open after so many failures in a row use `failure_threshold`",
            ),
            (Some(calls), Some(Window::Count(window))) if calls > window => problem(
                "minimum_calls",
                "the window never holds so many calls; lower it or make the `window` larger",
            ),
            _ => Ok(()),
        }
    }

    const fn check_periods(&self) -> Result<(), ConfigError> {
        if let Some(Duration::ZERO) = self.slow_call {
            return problem("slow_call", "it must be longer than zero, or every call is slow");
        }
        if self.timeout.is_zero() {
            return problem(
                "timeout",
                "the open period must be longer than zero; `timeout = \"1ms\"` is the least that makes sense",
            );
        }
        if let Some(longest) = self.max_timeout
            && longest.as_nanos() < self.timeout.as_nanos()
        {
            return problem("max_timeout", "it must not be shorter than `timeout` (60s if not given)");
        }
        Ok(())
    }
}

const fn is_rate(rate: f64) -> bool {
    rate > 0.0 && rate <= 1.0
}

const fn problem(option: &'static str, problem: &'static str) -> Result<(), ConfigError> {
    Err(ConfigError::new(option, problem))
}
