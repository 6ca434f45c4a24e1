//! The options that can be set from outside.

use super::ThrottleConfig as Config;
use crate::overrides::Opt;

pub(super) const OPTIONS: &[Opt<Config>] = &[
    Opt::number("k", Config::k, |config| Some(config.k.to_string())),
    Opt::duration("window", Config::window, |config| Some(format!("{:?}", config.window))),
    Opt::count("minimum_calls", Config::minimum_calls, |config| Some(config.minimum_calls.to_string())),
    Opt::ratio("max_rejection_rate", Config::max_rejection_rate, |config| {
        Some(config.max_rejection_rate.to_string())
    }),
];
