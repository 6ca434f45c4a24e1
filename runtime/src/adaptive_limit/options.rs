//! The options that can be set from outside.

use super::{AdaptiveLimitConfig as Config, Algorithm};
use crate::overrides::Opt;

pub(super) const OPTIONS: &[Opt<Config>] = &[
    Opt::word(
        "algorithm",
        Algorithm::WORDS,
        |config, which| config.algorithm(Algorithm::ALL.get(which).copied().unwrap_or(config.algorithm)),
        |config| Some(config.algorithm.as_str().to_owned()),
    ),
    Opt::count("initial", Config::initial, |config| Some(config.first_limit().to_string())),
    Opt::count("min", Config::min, |config| Some(config.min.to_string())),
    Opt::count("max", Config::max, |config| Some(config.max.to_string())),
    Opt::ratio("backoff_ratio", Config::backoff_ratio, |config| Some(config.backoff_ratio.to_string())),
    Opt::duration("latency_threshold", Config::latency_threshold, |config| {
        config.latency_threshold.map(|threshold| format!("{threshold:?}"))
    })
    .optional(Config::without_latency_threshold),
    Opt::ratio("normal_share", Config::normal_share, |config| Some(config.normal_share.to_string())),
    Opt::ratio("sheddable_share", Config::sheddable_share, |config| Some(config.sheddable_share.to_string())),
];
