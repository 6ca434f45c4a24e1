//! The options that can be set from outside, in the attribute's own spelling.

use std::time::Duration;

use super::{Algorithm, OnStoreError, RateLimitConfig};
use crate::overrides::Opt;

type Config = RateLimitConfig;

const ALGORITHMS: &[&str] =
    &[Algorithm::TokenBucket.as_str(), Algorithm::SlidingWindow.as_str(), Algorithm::FixedWindow.as_str()];

/// Counts in another way. What the code says of the bucket is nothing to a window.
const fn count_by(config: Config, which: usize) -> Config {
    match which {
        0 => config.algorithm(Algorithm::TokenBucket),
        1 => config.algorithm(Algorithm::SlidingWindow).without_burst().without_initial(),
        _ => config.algorithm(Algorithm::FixedWindow).without_burst().without_initial(),
    }
}

/// A window has neither burst nor tokens at first.
fn is_bucket(config: &Config) -> bool {
    config.kind() == Algorithm::TokenBucket
}

/// Those of every limit, and `more`.
macro_rules! options {
    ($($more:expr),*) => {
        &[
            Opt::rate("rate", Config::with_rate, |config| Some(config.rate().to_string())).required(),
            // Before what it clears.
            Opt::word("algorithm", ALGORITHMS, count_by, |config| Some(config.kind().to_string())),
            Opt::count("burst", Config::burst, |config| config.given_burst().map(|burst| burst.to_string()))
                .optional(Config::without_burst)
                .only_if(is_bucket),
            Opt::count("initial", Config::initial, |config| {
                config.given_initial().map(|initial| initial.to_string())
            })
            .optional(Config::without_initial)
            .only_if(is_bucket),
            Opt::duration("max_wait", Config::max_wait, |config| {
                Some(config.patience()).filter(|wait| !wait.is_zero()).map(|wait| format!("{wait:?}"))
            })
            .optional(|config| config.max_wait(Duration::ZERO)),
            $($more),*
        ]
    };
}

pub(super) const OF_ONE: &[Opt<Config>] = options!();
pub(super) const OF_KEYS: &[Opt<Config>] = options!(MAX_KEYS);
pub(super) const OF_STORES: &[Opt<Config>] = options!(MAX_KEYS, ON_STORE_ERROR);

const MAX_KEYS: Opt<Config> =
    Opt::count("max_keys", Config::max_keys, |config| Some(config.key_limit().to_string()));

const ON_STORE_ERROR: Opt<Config> = Opt::word(
    "on_store_error",
    &["local", "open", "closed"],
    |config, word| {
        config.on_store_error([OnStoreError::Local, OnStoreError::Open, OnStoreError::Closed][word.min(2)])
    },
    |config| Some(config.on_failure().to_string()),
);
