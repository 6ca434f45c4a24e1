use syn::Expr;

use super::priority::Priority;
use crate::{
    options::options,
    values::{AnyExpr, Callable, Count, Duration, Patterns, Ratio, words},
};

words! {
    Algorithm { Gradient = "gradient", Aimd = "aimd", }
}

options! {
    /// The options of `#[adaptive_limit]`.
    pub(crate) struct Options {
        /// `gradient` (default) or `aimd`.
        algorithm: Algorithm,
        /// How many calls may be in flight before anything has been measured. Default 20.
        initial: Count,
        /// The limit never falls below this. Default 1.
        min: Count,
        /// The limit never rises above this. Default 1000.
        max: Count,
        /// What remains of the limit after a sign of overload, with `aimd`. Default 0.9.
        backoff_ratio: Ratio,
        /// The time beyond which a call is a sign of overload, with `aimd`. Default: none.
        latency_threshold: Duration,
        /// How much a call matters: `critical`, `normal`, `sheddable`, or an expression over the arguments. Default `critical`.
        priority: Priority,
        /// The share of the limit that normal calls may use. Default 0.8.
        normal_share: Ratio,
        /// The share of the limit that sheddable calls may use. Default 0.5.
        sheddable_share: Ratio,
        /// Which errors are signs of overload: `fn(&E) -> bool`.
        overload_if: Callable,
        /// Which errors are signs of overload, by pattern.
        overload_on: Patterns,
        /// An instance of one's own: an expression that dereferences to `AdaptiveLimit`.
        with: AnyExpr,
    }
}

/// `#[adaptive_limit]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}

impl Room {
    /// The options that only rustc can evaluate.
    pub(super) fn constants(&self) -> Vec<&Expr> {
        let options = &self.options;
        let counts = [&options.initial, &options.min, &options.max];
        let counts = counts.into_iter().flatten().filter_map(|given| given.value.expr());
        let ratios = [&options.backoff_ratio, &options.normal_share, &options.sheddable_share];
        let ratios = ratios.into_iter().flatten().filter_map(|given| given.value.expr());
        let threshold = options.latency_threshold.iter().filter_map(|given| given.value.expr());
        counts.chain(ratios).chain(threshold).collect()
    }
}
