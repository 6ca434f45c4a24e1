use std::{
    cell::Cell,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::SpanContext;

thread_local! {
    static CONTEXT: Cell<Option<SpanContext>> = const { Cell::new(None) };
}

/// The span that runs on this thread, or the one of another process that the work is done for.
///
/// Log lines, exemplars and outgoing headers read it here. It is a read of a thread-local.
#[inline]
pub fn current() -> Option<SpanContext> {
    CONTEXT.get()
}

#[inline]
pub(super) fn replace(context: Option<SpanContext>) -> Option<SpanContext> {
    CONTEXT.replace(context)
}

/// Makes `context` the current one until the guard is dropped: what was current elsewhere, or came from another process.
///
/// ```
/// use mainstay_runtime::trace::{self, SpanContext};
///
/// let parent = SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
/// let attached = trace::attach(parent);
/// assert_eq!(trace::current(), parent);
/// drop(attached);
/// assert_eq!(trace::current(), None);
/// ```
pub fn attach(context: Option<SpanContext>) -> Attached {
    Attached { before: replace(context), not_send: PhantomData }
}

/// Keeps a context current; dropping it brings back the one before. Not to be held across an `.await`: see
/// [`with_context`].
#[derive(Debug)]
#[must_use = "the context is current until this is dropped"]
pub struct Attached {
    before: Option<SpanContext>,
    not_send: PhantomData<*const ()>,
}

impl Drop for Attached {
    fn drop(&mut self) {
        replace(self.before);
    }
}

/// Runs `future` with `context` as the current one, whichever thread polls it.
pub const fn with_context<F: Future>(context: Option<SpanContext>, future: F) -> WithContext<F> {
    WithContext { context, future }
}

pin_project! {
    /// See [`with_context`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct WithContext<F> {
        context: Option<SpanContext>,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for WithContext<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _attached = attach(*this.context);
        this.future.poll(cx)
    }
}
