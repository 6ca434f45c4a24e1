use mainstay_runtime::trace::{SpanContext, SpanId, TraceFlags, TraceId};
use opentelemetry::trace as theirs;

/// A span of OpenTelemetry as we know one; `None` if its ids are not valid. What is in its `tracestate` is not taken over.
///
/// ```
/// use mainstay_opentelemetry::{from_opentelemetry, to_opentelemetry};
/// use mainstay_runtime::trace::SpanContext;
///
/// let ours = SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap();
/// assert_eq!(from_opentelemetry(&to_opentelemetry(ours)), Some(ours));
/// ```
pub fn from_opentelemetry(span: &theirs::SpanContext) -> Option<SpanContext> {
    let trace_id = TraceId::from_bytes(span.trace_id().to_bytes())?;
    let span_id = SpanId::from_bytes(span.span_id().to_bytes())?;
    let context = SpanContext::new(trace_id, span_id, TraceFlags::from_byte(span.trace_flags().to_u8()));
    Some(if span.is_remote() { context.remote() } else { context })
}

/// Our span as OpenTelemetry knows one.
pub fn to_opentelemetry(span: SpanContext) -> theirs::SpanContext {
    theirs::SpanContext::new(
        theirs::TraceId::from_bytes(span.trace_id.to_bytes()),
        theirs::SpanId::from_bytes(span.span_id.to_bytes()),
        theirs::TraceFlags::new(span.flags.to_byte()),
        span.is_remote,
        theirs::TraceState::NONE,
    )
}
