use syn::{Expr, Lit};

use crate::{
    options::{Arg, Read, options},
    suggest::misspelt,
    values::{AnyExpr, Count, Duration, Ratio, literal, words},
};

words! {
    OnStoreError {
        Open = "open",
        Closed = "closed",
    }
}

/// `none`, or a share.
pub(crate) enum JitterShare {
    None,
    Share(Ratio),
}

impl Read for JitterShare {
    fn read(arg: &Arg) -> syn::Result<Self> {
        match arg.expr()? {
            Expr::Path(path) if path.path.is_ident("none") => Ok(Self::None),
            expr if is_zero(expr) => Err(syn::Error::new_spanned(
                expr,
                "a share is more than 0: for answers that never go early write `jitter = none`",
            )),
            expr if misspelt(expr, &["none"]).is_some() => Err(syn::Error::new_spanned(
                expr,
                "did you mean `none`? expected a share between 0 and 1, such as 0.1, or `none`, without quotes",
            )),
            _ => Ratio::read(arg).map(Self::Share),
        }
    }
}

fn is_zero(expr: &Expr) -> bool {
    match literal(expr) {
        Some((Lit::Int(number), _)) => number.base10_parse().is_ok_and(|number: u64| number == 0),
        Some((Lit::Float(number), _)) => number.base10_parse().is_ok_and(|number: f64| number <= 0.0),
        _ => false,
    }
}

options! {
    /// The options of `#[cached]`.
    pub(crate) struct Options {
        /// What the answer depends on: an expression over the arguments. Default: all arguments but `self`.
        key: AnyExpr,
        /// How long an answer is kept.
        ttl: Duration,
        /// The share of its time by which an answer may go early, at random, or `none`. Default 0.1.
        jitter: JitterShare,
        /// How many answers are kept. Default 10,000.
        max_entries: Count,
        /// For how long after its ttl an answer is still given while a new one is loaded in the background. Default: not at
        /// all.
        stale_for: Duration,
        /// For how long after its ttl an answer is still given where loading a new one fails. Default: not at all.
        stale_if_error: Duration,
        /// How long the body's errors are kept. Default: not at all.
        cache_err: Duration,
        /// How long `Ok(None)` is kept. Default: as long as any answer.
        negative_ttl: Duration,
        /// A second tier, shared by processes: an expression that gives a store.
        store: AnyExpr,
        /// What becomes of a call whose store cannot answer: `open` (default), it runs; `closed`, it is refused.
        on_store_error: OnStoreError,
        /// An instance of one's own: an expression that dereferences to `Cache`.
        with: AnyExpr,
    }
}

/// `#[cached]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}

impl Room {
    /// Whether it loads anew in the background, after the call.
    pub(crate) fn refreshes(&self) -> bool {
        self.options.stale_for.as_ref().is_some_and(|given| given.value.nanos() != Some(0))
    }
}
