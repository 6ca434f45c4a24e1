use syn::Expr;

use super::factor::Factor;
use crate::{
    options::options,
    values::{AnyExpr, Callable, Count, Duration, Patterns, Ratio},
};

options! {
    /// The options of `#[throttle]`.
    pub(crate) struct Options {
        /// How many calls are made for each that the server accepts, before any is refused. Default 2.
        k: Factor,
        /// How far back calls are counted. Default "2m".
        window: Duration,
        /// How many calls the window must hold before any is refused. Default 10.
        minimum_calls: Count,
        /// The share of calls that are refused at most. Default 0.9.
        max_rejection_rate: Ratio,
        /// Which errors are rejections by the server: `fn(&E) -> bool`.
        reject_if: Callable,
        /// Which errors are rejections by the server, by pattern.
        reject_on: Patterns,
        /// Which errors count as nothing at all.
        ignore_on: Patterns,
        /// An instance of one's own: an expression that dereferences to `Throttle`.
        with: AnyExpr,
    }
}

/// `#[throttle]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}

impl Room {
    /// The options that only rustc can evaluate.
    pub(super) fn constants(&self) -> Vec<&Expr> {
        let options = &self.options;
        let k = options.k.iter().filter_map(|given| given.value.expr());
        let window = options.window.iter().filter_map(|given| given.value.expr());
        let calls = options.minimum_calls.iter().filter_map(|given| given.value.expr());
        let rate = options.max_rejection_rate.iter().filter_map(|given| given.value.expr());
        k.chain(window).chain(calls).chain(rate).collect()
    }
}
