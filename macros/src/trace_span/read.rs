use super::attrs::{Attrs, Shown};
use crate::{
    options::options,
    values::{AnyExpr, words},
};

words! {
    Level {
        Trace = "trace",
        Debug = "debug",
        Info = "info",
        Warn = "warn",
        Error = "error",
    }
    SpanKind {
        Internal = "internal",
        Server = "server",
        Client = "client",
        Producer = "producer",
        Consumer = "consumer",
    }
}

options! {
    /// The options of `#[trace_span]`.
    pub(crate) struct Options {
        /// What is recorded of a call: `attrs(key = value, …)`, over the arguments. Default: nothing.
        attrs: Attrs,
        /// The level under which `tracing` knows the span. Default `info`.
        level: Level,
        /// Its part in a conversation of processes. Default `internal`.
        kind: SpanKind,
        /// Its parent: an expression that gives a `SpanContext` or an `Option` of it. Default: the current span.
        parent: AnyExpr,
        /// Records what the error says, by `Display` or by `Debug`. Default: that there was one, and of which type.
        err: Shown,
        /// Records what the function gives, by `Debug` or by `Display`. Default: nothing.
        ret: Shown,
    }
}

/// `#[trace_span]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}
