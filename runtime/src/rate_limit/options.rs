//! The options that can be set from outside, in the attribute's own spelling.

use std::time::Duration;

use super::{OnStoreError, RateLimitConfig};
use crate::overrides::Opt;

type Config = RateLimitConfig;

/// Those of every limit, and `more`.
macro_rules! options {
    ($($more:expr),*) => {
        &[
            Opt::rate("rate", Config::with_rate, |config| Some(config.rate().to_string())),
            Opt::count("burst", Config::burst, |config| config.given_burst().map(|burst| burst.to_string()))
                .optional(Config::without_burst),
            Opt::count("initial", Config::initial, |config| {
                config.given_initial().map(|initial| initial.to_string())
            })
            .optional(Config::without_initial),
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
