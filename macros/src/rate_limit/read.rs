use crate::{
    options::{Arg, Read, options},
    values::{AnyExpr, Count, Duration, Rate, literal, words},
};

words! {
    Algorithm {
        TokenBucket = "token_bucket",
        SlidingWindow = "sliding_window",
        FixedWindow = "fixed_window",
    }
}

/// A whole number, zero included.
pub(crate) struct Initial(pub(crate) syn::Expr, pub(crate) Option<u32>);

impl Read for Initial {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        match literal(expr) {
            Some((syn::Lit::Int(number), false)) if number.base10_digits() == "0" => {
                Ok(Self(expr.clone(), Some(0)))
            }
            Some((syn::Lit::Int(_), true)) => {
                Err(syn::Error::new_spanned(expr, "`initial` cannot be negative: 0 starts empty"))
            }
            _ => {
                let count = Count::from_expr(expr, "`initial`")?;
                Ok(Self(expr.clone(), count.known()))
            }
        }
    }
}

options! {
    /// The options of `#[rate_limit]`, besides the rate itself.
    pub(crate) struct Options {
        /// The most tokens that can be taken at once. Default: the rate's number.
        burst: Count,
        /// The tokens there are at first. Default: `burst`.
        initial: Initial,
        /// The tokens that a call takes: any number, or an expression over the arguments. Default 1.
        tokens: AnyExpr,
        /// One limit per key: any expression over the arguments that is `Hash`.
        key: AnyExpr,
        /// How many keys are kept. Default 65536.
        max_keys: Count,
        /// How long a call may wait for its tokens. Default: not at all.
        max_wait: Duration,
        /// `token_bucket` (default), `sliding_window` or `fixed_window`.
        algorithm: Algorithm,
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
