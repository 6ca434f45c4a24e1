//! The attributes and derives of Mainstay. Use them through the `mainstay` crate, where each is documented.
//!
//! A row per macro below; `entry` runs them. In every room `read` turns tokens into our own model, `check` looks at
//! it as a whole and gathers the errors, `write` gives tokens.

mod adaptive_limit;
mod bulkhead;
mod cache_evict;
mod cached;
mod chaos;
mod circuit_breaker;
mod classify;
mod entry;
mod errors;
mod fallback;
#[cfg(test)]
mod fuzz;
mod health_check;
mod hedge;
mod idempotent;
mod item;
mod label_value;
mod metered;
mod on_shutdown;
mod options;
mod rate_limit;
mod retry;
#[cfg(test)]
mod snapshots;
mod stack;
mod suggest;
mod throttle;
mod time_it;
mod timeout;
mod trace_span;
mod values;

use proc_macro::TokenStream;

macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident => $kind:ident;)*) => {$(
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(options: TokenStream, item: TokenStream) -> TokenStream {
            entry::attribute(stack::Kind::$kind, options.into(), item.into()).into()
        }
    )*};
}

attributes! {
    #[doc = include_str!("../../docs/reference/retry.md")]
    retry => Retry;
    #[doc = include_str!("../../docs/reference/circuit_breaker.md")]
    circuit_breaker => CircuitBreaker;
    #[doc = include_str!("../../docs/reference/timeout.md")]
    timeout => Timeout;
    #[doc = include_str!("../../docs/reference/rate_limit.md")]
    rate_limit => RateLimit;
    #[doc = include_str!("../../docs/reference/bulkhead.md")]
    bulkhead => Bulkhead;
    #[doc = include_str!("../../docs/reference/fallback.md")]
    fallback => Fallback;
    #[doc = include_str!("../../docs/reference/cached.md")]
    cached => Cached;
    #[doc = include_str!("../../docs/reference/cache_evict.md")]
    cache_evict => CacheEvict;
    #[doc = include_str!("../../docs/reference/idempotent.md")]
    idempotent => Idempotent;
    #[doc = include_str!("../../docs/reference/metered.md")]
    metered => Metered;
    #[doc = include_str!("../../docs/reference/time_it.md")]
    time_it => TimeIt;
    #[doc = include_str!("../../docs/reference/trace_span.md")]
    trace_span => TraceSpan;
    /// The same as `#[trace_span]`.
    trace => TraceSpan;
    #[doc = include_str!("../../docs/reference/hedge.md")]
    hedge => Hedge;
    #[doc = include_str!("../../docs/reference/chaos.md")]
    chaos => Chaos;
    #[doc = include_str!("../../docs/reference/adaptive_limit.md")]
    adaptive_limit => AdaptiveLimit;
    #[doc = include_str!("../../docs/reference/throttle.md")]
    throttle => Throttle;
}

macro_rules! beside {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(options: TokenStream, item: TokenStream) -> TokenStream {
            entry::beside(&$name::BESIDE, options.into(), item.into()).into()
        }
    )*};
}

beside! {
    #[doc = include_str!("../../docs/reference/on_shutdown.md")]
    on_shutdown;
    #[doc = include_str!("../../docs/reference/health_check.md")]
    health_check;
}

#[doc = include_str!("../../docs/reference/classify.md")]
#[proc_macro_derive(Classify, attributes(classify, transient, permanent, throttled, ignored))]
pub fn derive_classify(item: TokenStream) -> TokenStream {
    entry::derive(item.into(), classify::expand).into()
}

#[doc = include_str!("../../docs/reference/health_check.md")]
#[proc_macro_derive(HealthCheck, attributes(check))]
pub fn derive_health_check(item: TokenStream) -> TokenStream {
    entry::derive(item.into(), health_check::derive).into()
}

/// Makes an enum a label of metrics: each variant is a value, by its name in snake case or by `#[label("text")]`.
///
/// The enum is `Clone`, `Eq`, `Hash` and `Debug` besides, and its variants have no fields: that keeps their number small.
/// `#[label(crate = path)]` on the type renames the root.
///
/// ```
/// use mainstay::metrics::LabelValue;
///
/// #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, LabelValue)]
/// enum Payment {
///     Card,
///     BankTransfer,
///     #[label("cash")]
///     CashInHand,
/// }
///
/// assert_eq!(Payment::BankTransfer.label(), "bank_transfer");
/// assert_eq!(Payment::CashInHand.label(), "cash");
/// ```
#[proc_macro_derive(LabelValue, attributes(label))]
pub fn derive_label_value(item: TokenStream) -> TokenStream {
    entry::derive(item.into(), label_value::expand).into()
}
