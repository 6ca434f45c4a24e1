use syn::Expr;

use crate::{
    options::{Arg, Read, options},
    values::{AnyExpr, Callable, Count, Duration, Patterns, Ratio, literal, words},
};

words! {
    OnCancel { Ignore = "ignore", Failure = "failure", }
}

/// How far back a breaker looks: so many calls or so long a time.
pub(crate) enum Window {
    Count(Count),
    Time(Duration),
    Expr(Expr),
}

impl Read for Window {
    fn read(arg: &Arg) -> syn::Result<Self> {
        let expr = arg.expr()?;
        match literal(expr) {
            Some((syn::Lit::Str(_), _)) => Duration::from_expr(expr).map(Self::Time),
            Some((syn::Lit::Int(_), _)) => Count::from_expr(expr, "`window`").map(Self::Count),
            Some(_) => Err(syn::Error::new_spanned(
                expr,
                "a window is a number of calls such as 100, or a time such as \"30s\"",
            )),
            None => Ok(Self::Expr(expr.clone())),
        }
    }
}

options! {
    /// The options of `#[circuit_breaker]`.
    pub(crate) struct Options {
        /// How many failures in a row open it. Default 5.
        failure_threshold: Count,
        /// The share of failures in the window that opens it, instead of a run of failures.
        failure_rate: Ratio,
        /// How far back it looks: so many calls (`100`) or so long (`"30s"`).
        window: Window,
        /// How many outcomes the window must hold before it is judged. Default: the window if
        /// it is a number of calls, else 10.
        minimum_calls: Count,
        /// How long a call takes to count as slow.
        slow_call: Duration,
        /// The share of slow calls in the window that opens it. Default 1.0 where `slow_call` is given.
        slow_call_rate: Ratio,
        /// How many successful probes close it. Default 2.
        success_threshold: Count,
        /// How long it stays open. Default "60s".
        timeout: Duration,
        /// The open period doubles up to this each time a probe fails. Default: it does not grow.
        max_timeout: Duration,
        /// How many probes may be in flight. Default: `success_threshold`.
        half_open_calls: Count,
        /// Which errors count as failures: `fn(&E) -> bool`.
        failure_if: Callable,
        /// Which errors count as failures, by pattern.
        failure_on: Patterns,
        /// Which errors count as nothing at all.
        ignore_on: Patterns,
        /// What a call that is dropped before its end counts as: `ignore` (default) or `failure`.
        on_cancel: OnCancel,
        /// One breaker per key: any expression over the arguments that is `Hash`.
        key: AnyExpr,
        /// How many keys are kept. Default 65536.
        max_keys: Count,
        /// An instance of one's own: an expression that dereferences to `CircuitBreaker`, or with `key` to `KeyedCircuitBreaker`.
        with: AnyExpr,
    }
}

/// `#[circuit_breaker]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}

impl Room {
    /// The options that only rustc can evaluate.
    pub(super) fn constants(&self) -> Vec<&Expr> {
        let options = &self.options;
        let counts = [
            &options.failure_threshold,
            &options.minimum_calls,
            &options.success_threshold,
            &options.half_open_calls,
            &options.max_keys,
        ];
        let counts = counts.into_iter().flatten().filter_map(|given| given.value.expr());
        let ratios = [&options.failure_rate, &options.slow_call_rate];
        let ratios = ratios.into_iter().flatten().filter_map(|given| given.value.expr());
        let times = [&options.slow_call, &options.timeout, &options.max_timeout];
        let times = times.into_iter().flatten().filter_map(|given| given.value.expr());
        let window = options.window.iter().filter_map(|given| match &given.value {
            Window::Expr(expr) => Some(expr),
            _ => None,
        });
        counts.chain(ratios).chain(times).chain(window).collect()
    }
}
