use proc_macro2::TokenTree;
use syn::{Attribute, Meta};

use super::siblings::MARKER;

/// The attributes that form stacks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Retry,
    CircuitBreaker,
    Timeout,
    RateLimit,
    Bulkhead,
    Fallback,
    Idempotent,
    Cached,
    CacheEvict,
    Metered,
    TimeIt,
    TraceSpan,
    Hedge,
    AdaptiveLimit,
    Throttle,
}

impl Kind {
    pub(crate) const ALL: [Self; 15] = [
        Self::Retry,
        Self::CircuitBreaker,
        Self::Timeout,
        Self::RateLimit,
        Self::Bulkhead,
        Self::Fallback,
        Self::Idempotent,
        Self::Cached,
        Self::CacheEvict,
        Self::Metered,
        Self::TimeIt,
        Self::TraceSpan,
        Self::Hedge,
        Self::AdaptiveLimit,
        Self::Throttle,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::CircuitBreaker => "circuit_breaker",
            Self::Timeout => "timeout",
            Self::RateLimit => "rate_limit",
            Self::Bulkhead => "bulkhead",
            Self::Fallback => "fallback",
            Self::Idempotent => "idempotent",
            Self::Cached => "cached",
            Self::CacheEvict => "cache_evict",
            Self::Metered => "metered",
            Self::TimeIt => "time_it",
            Self::TraceSpan => "trace_span",
            Self::Hedge => "hedge",
            Self::AdaptiveLimit => "adaptive_limit",
            Self::Throttle => "throttle",
        }
    }
}

impl Kind {
    /// Whether it answers calls itself that it does not let through, or cuts off.
    pub(crate) fn refuses(self) -> bool {
        matches!(
            self,
            Self::CircuitBreaker
                | Self::Timeout
                | Self::RateLimit
                | Self::Bulkhead
                | Self::Idempotent
                | Self::Cached
                | Self::AdaptiveLimit
                | Self::Throttle
        )
    }

    /// Whether it only looks on, so that any function can have it.
    pub(crate) fn observes(self) -> bool {
        matches!(self, Self::Metered | Self::TimeIt | Self::TraceSpan)
    }

    /// Whether it takes time-outs, also of a limit further out, for signs of overload.
    pub(crate) fn watches_load(self) -> bool {
        matches!(self, Self::AdaptiveLimit | Self::Throttle)
    }

    /// Whether it treats such answers otherwise than the body's.
    pub(crate) fn reads_refusals(self) -> bool {
        matches!(
            self,
            Self::Retry
                | Self::CircuitBreaker
                | Self::Idempotent
                | Self::Cached
                | Self::Metered
                | Self::Hedge
                | Self::AdaptiveLimit
                | Self::Throttle
        )
    }
}

/// Which of ours an attribute is: a plain `#[retry]`, or one whose path starts with the crate's name. Anything else
/// may still be ours under another name; it then expands on its own.
pub(crate) fn kind_of(attr: &Attribute) -> Option<Kind> {
    let path = attr.path();
    let last = path.segments.last()?;
    if path.segments.len() > 1 && path.segments.first()?.ident != "mainstay" && !is_marked(attr) {
        return None;
    }
    // By its own name alone it may be another library's.
    if last.ident == "trace" && path.segments.len() > 1 {
        return Some(Kind::TraceSpan);
    }
    Kind::ALL.into_iter().find(|kind| last.ident == kind.name())
}

/// Whether we wrote it ourselves, by the path that `crate = …` gives.
fn is_marked(attr: &Attribute) -> bool {
    let Meta::List(list) = &attr.meta else { return false };
    matches!(list.tokens.clone().into_iter().next(), Some(TokenTree::Ident(word)) if word == MARKER)
}
