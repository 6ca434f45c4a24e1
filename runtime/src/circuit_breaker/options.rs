//! The options that can be set from outside, in the attribute's own spelling.

use super::{CircuitBreakerConfig, OnCancel, Window};
use crate::overrides::Opt;

type Config = CircuitBreakerConfig;

/// Those of every breaker, and `more`.
macro_rules! options {
    ($($more:expr),*) => {
        &[
            Opt::count("failure_threshold", Config::failure_threshold, |config| {
                config.spelt_out().failure_threshold.map(|failures| failures.to_string())
            })
            .optional(|config| Config { failure_threshold: None, ..config })
            .only_if(|config| config.failure_rate.is_none()),
            Opt::ratio("failure_rate", Config::failure_rate, |config| {
                config.failure_rate.map(|rate| rate.to_string())
            })
            .optional(|config| Config { failure_rate: None, ..config })
            .only_if(|config| config.failure_threshold.is_none()),
            Opt::text("window", set_window, |config| config.window.map(|window| window.to_string()))
                .optional(|config| Config { window: None, ..config }),
            Opt::count("minimum_calls", Config::minimum_calls, |config| {
                config.minimum_calls.map(|calls| calls.to_string())
            })
            .optional(|config| Config { minimum_calls: None, ..config }),
            Opt::duration("slow_call", Config::slow_call, |config| {
                config.slow_call.map(|time| format!("{time:?}"))
            })
            .optional(|config| Config { slow_call: None, ..config }),
            Opt::ratio("slow_call_rate", Config::slow_call_rate, |config| {
                config.slow_call_rate.map(|rate| rate.to_string())
            })
            .optional(|config| Config { slow_call_rate: None, ..config }),
            Opt::count("success_threshold", Config::success_threshold, |config| {
                Some(config.success_threshold.to_string())
            }),
            Opt::duration("timeout", Config::timeout, |config| Some(format!("{:?}", config.timeout))),
            Opt::duration("max_timeout", Config::max_timeout, |config| {
                config.max_timeout.map(|time| format!("{time:?}"))
            })
            .optional(|config| Config { max_timeout: None, ..config }),
            Opt::count("half_open_calls", Config::half_open_calls, |config| {
                config.half_open_calls.map(|calls| calls.to_string())
            })
            .optional(|config| Config { half_open_calls: None, ..config }),
            Opt::word(
                "on_cancel",
                &["ignore", "failure"],
                |config, word| config.on_cancel(if word == 0 { OnCancel::Ignore } else { OnCancel::Failure }),
                |config| {
                    Some(if config.on_cancel == OnCancel::Ignore { "ignore" } else { "failure" }.to_owned())
                },
            ),
            $($more),*
        ]
    };
}

pub(super) const OF_ONE: &[Opt<Config>] = options!();
pub(super) const OF_KEYS: &[Opt<Config>] =
    options!(Opt::count("max_keys", Config::max_keys, |config| Some(config.max_keys.to_string())));

const SPAN: Opt<Config> = Opt::duration("window", |config, span| config.window(Window::Time(span)), |_| None);
const CALLS: Opt<Config> =
    Opt::count("window", |config, calls| config.window(Window::Count(calls)), |_| None);

/// A number of calls, or a span of time.
fn set_window(config: Config, text: &str) -> Result<Config, String> {
    if text.starts_with(|char: char| char.is_ascii_digit()) && !text.contains(char::is_alphabetic) {
        return CALLS.read(config, text);
    }
    let hint = "a window is a number of calls, such as 100, or a time, such as 30s";
    SPAN.read(config, text).map_err(|problem| format!("{problem}; {hint}"))
}
