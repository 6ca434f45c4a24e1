use std::{
    future::Future,
    pin::Pin,
    task::{Context as TaskContext, Poll},
};

use mainstay_runtime::trace;
use opentelemetry::{Context, ContextGuard, trace::TraceContextExt as _};
use pin_project_lite::pin_project;

use crate::to_opentelemetry;

/// OpenTelemetry's current context, with our current span as its span: for a span of theirs that is begun with a context, for
/// `set_parent` of `tracing-opentelemetry`, and for propagators that put it into headers. Baggage and other values stay.
///
/// Ask inside our span: where a span of theirs is begun inside ours, theirs is already what is current.
pub fn context() -> Context {
    let context = Context::current();
    match trace::current() {
        Some(span) => context.with_remote_span_context(to_opentelemetry(span)),
        None => context,
    }
}

/// Makes our current span OpenTelemetry's current one until the guard is dropped: what is begun meanwhile on this thread is its
/// child. Not to be held across an `.await`: see [`in_context`].
///
/// ```
/// use mainstay_opentelemetry::attach;
/// use opentelemetry::{Context, trace::TraceContextExt};
///
/// # struct Keep;
/// # impl mainstay_runtime::trace::SpanExporter for Keep {
/// #     fn export(
/// #         &mut self,
/// #         _: &mut Vec<mainstay_runtime::trace::SpanData>,
/// #     ) -> Result<(), mainstay_runtime::trace::ExportError> { Ok(()) }
/// # }
/// # let _tracing = mainstay_runtime::trace::install(mainstay_runtime::trace::TraceConfig::new(Keep)).unwrap();
/// let ours = mainstay_runtime::trace::tracer("orders").span("place").enter();
/// let attached = attach();
/// let current = Context::current().span().span_context().clone();
/// assert_eq!(Some(current.span_id().to_bytes()), ours.context().map(|span| span.span_id.to_bytes()));
/// ```
pub fn attach() -> ContextGuard {
    context().attach()
}

/// Runs `future` with our current span as OpenTelemetry's current one, whichever thread polls it. Our current span is that of
/// each poll.
pub const fn in_context<F: Future>(future: F) -> InContext<F> {
    InContext { future }
}

pin_project! {
    /// See [`in_context`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct InContext<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        let _attached = attach();
        self.project().future.poll(cx)
    }
}
