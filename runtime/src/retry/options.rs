//! What can be set of a retry from outside.

use super::{Backoff, Jitter, PerCall, RetryConfig};
use crate::overrides::Opt;

const BACKOFFS: &[&str] = &["exponential", "linear", "constant", "fibonacci"];
const JITTERS: &[&str] = &["full", "equal", "none"];

fn backoff(config: RetryConfig, word: usize) -> RetryConfig {
    config.backoff(match word {
        0 => Backoff::Exponential,
        1 => Backoff::Linear,
        2 => Backoff::Constant,
        _ => Backoff::Fibonacci,
    })
}

fn jitter(config: RetryConfig, word: usize) -> RetryConfig {
    config.jitter(match word {
        0 => Jitter::Full,
        1 => Jitter::Equal,
        _ => Jitter::None,
    })
}

pub(super) const OPTIONS: &[Opt<RetryConfig>] = &[
    Opt::count(
        "max_attempts",
        |config, attempts| config.max_attempts(attempts).overridden(PerCall::MAX_ATTEMPTS),
        |config| Some(config.shown(PerCall::MAX_ATTEMPTS, || config.max_attempts.to_string())),
    ),
    Opt::duration(
        "initial_delay",
        |config, delay| config.initial_delay(delay).overridden(PerCall::INITIAL_DELAY),
        |config| Some(config.text_of_delay(PerCall::INITIAL_DELAY, config.initial_delay)),
    ),
    Opt::duration(
        "max_delay",
        |config, delay| config.max_delay(delay).overridden(PerCall::MAX_DELAY),
        |config| Some(config.text_of_delay(PerCall::MAX_DELAY, config.max_delay)),
    ),
    Opt::number(
        "exponential_base",
        |config, base| config.exponential_base(base).overridden(PerCall::EXPONENTIAL_BASE),
        |config| Some(config.shown(PerCall::EXPONENTIAL_BASE, || config.exponential_base.to_string())),
    ),
    Opt::word("backoff", BACKOFFS, backoff, |config| Some(format!("{:?}", config.backoff))),
    Opt::word("jitter", JITTERS, jitter, |config| Some(format!("{:?}", config.jitter).to_lowercase())),
    Opt::duration(
        "max_elapsed",
        |config: RetryConfig, limit| config.max_elapsed(limit).overridden(PerCall::MAX_ELAPSED),
        |config| {
            let limit = || format!("{:?}", config.max_elapsed.unwrap_or_default());
            let is_set = config.max_elapsed.is_some() || config.per_call.has(PerCall::MAX_ELAPSED);
            is_set.then(|| config.shown(PerCall::MAX_ELAPSED, limit))
        },
    )
    .optional(|mut config| {
        config.max_elapsed = None;
        config.overridden(PerCall::MAX_ELAPSED)
    }),
    Opt::code("budget", |config| config.budget.map(|budget| format!("{budget:?}"))),
];
