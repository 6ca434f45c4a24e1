use mainstay_runtime::trace::{SpanContext, set_foreign_parent};
use opentelemetry::{Context, trace::TraceContextExt as _};

use crate::from_opentelemetry;

/// Makes the current span of OpenTelemetry the parent of ours, wherever it is the innermost. Call it once, where tracing is set
/// up.
///
/// Spans of `tracing` count too where `tracing-opentelemetry`'s layer is installed with its defaults: it makes a span that is
/// entered OpenTelemetry's current one.
///
/// Whether this was the first one to say so: there can be one such library in a process, and the first stays.
///
/// ```
/// use mainstay_opentelemetry::connect;
///
/// assert!(connect());
/// assert!(!connect());
/// ```
pub fn connect() -> bool {
    set_foreign_parent(current)
}

fn current() -> Option<SpanContext> {
    Context::map_current(|context| {
        if context.has_active_span() { from_opentelemetry(context.span().span_context()) } else { None }
    })
}
