use crate::{
    options::options,
    values::{AnyExpr, Count, CountOrZero, Duration, Rate, words},
};

words! {
    Algorithm {
        TokenBucket = "token_bucket",
        SlidingWindow = "sliding_window",
        FixedWindow = "fixed_window",
    }
}

words! {
    OnStoreError {
        Local = "local",
        Open = "open",
        Closed = "closed",
    }
}

options! {
    /// The options of `#[rate_limit]`, besides the rate itself.
    pub(crate) struct Options {
        /// The most tokens that can be taken at once. Default: the rate's number.
        burst: Count,
        /// The tokens there are at first. Default: `burst`.
        initial: CountOrZero,
        /// The tokens that a call takes: any number, or an expression over the arguments. Default 1.
        tokens: AnyExpr,
        /// One limit per key: any expression over the arguments that is `Hash`, or with `store` a `ToKey`.
        key: AnyExpr,
        /// How many keys are kept. Default 65536.
        max_keys: Count,
        /// How long a call may wait for its tokens. Default: not at all.
        max_wait: Duration,
        /// `token_bucket` (default), `sliding_window` or `fixed_window`.
        algorithm: Algorithm,
        /// Where the tokens are counted, for all processes together: an `Arc` of a `RateLimitStore`, or a `&'static` one.
        store: AnyExpr,
        /// What is done where the store cannot answer: `local` (default), `open` or `closed`.
        on_store_error: OnStoreError,
        /// An instance of one's own: an expression that dereferences to `RateLimiter`, or with `key` to `KeyedRateLimiter`.
        with: AnyExpr,
    }
}

/// `#[rate_limit]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
    pub(super) rate: Option<Rate>,
    /// Whether the rate could not be read, and so is not missing.
    pub(super) misread: bool,
}
