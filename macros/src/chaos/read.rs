use crate::{
    options::options,
    values::{AnyExpr, Duration, Flag, Ratio, Seed},
};

options! {
    /// The options of `#[chaos]`.
    pub(crate) struct Options {
        /// How much later a call is that is made late.
        latency: Duration,
        /// The most that it may be: each late call draws its own from `latency` to this. Default: all the same.
        latency_max: Duration,
        /// The share of calls that are made late. Default: none.
        latency_rate: Ratio,
        /// What a call fails with: an expression over the arguments. Default: `mainstay::Error::Injected`.
        error: AnyExpr,
        /// The share of calls that fail. Default: none.
        error_rate: Ratio,
        /// The share of calls that panic. Default: none.
        panic_rate: Ratio,
        /// The share of calls that never answer; for async functions. Default: none.
        drop_rate: Ratio,
        /// What the faults are drawn from. Default: drawn when it is switched on, and told in the log.
        seed: Seed,
        /// Strikes when the body has run: what it did is done, and its answer is lost.
        after: Flag,
        /// An instance of one's own: an expression that dereferences to `Chaos`.
        with: AnyExpr,
    }
}

/// `#[chaos]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}
