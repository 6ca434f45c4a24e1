use std::{
    cell::Cell,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{SpanContext, SpanId, choose, state};

thread_local! {
    static KIND: Cell<Kind> = const { Cell::new(Kind::Nothing) };
    /// Where the kind is [`Kind::Known`].
    static CONTEXT: Cell<SpanContext> = const { Cell::new(SpanContext::UNSEEN) };
    /// The span of another library around the current one of ours.
    static OUTSIDE: Cell<Option<SpanId>> = const { Cell::new(None) };
}

/// What is current on a thread, in one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// No span.
    Nothing,
    /// No span, and none begins: this thread works for an exporter.
    Quiet,
    /// A span that is not sampled, and that nobody has asked for its ids yet.
    Anonymous,
    /// A span, or a context that was attached.
    Known,
}

/// The span that runs on this thread, or the one of another process that the work is done for.
///
/// Log lines, exemplars and outgoing headers read it here. It is a read of a thread-local.
#[inline]
pub fn current() -> Option<SpanContext> {
    match KIND.get() {
        Kind::Nothing | Kind::Quiet => None,
        Kind::Anonymous => Some(name()),
        Kind::Known => Some(CONTEXT.get()),
    }
}

/// The same if it is sampled. One that has no ids does not get any.
pub(crate) fn sampled() -> Option<SpanContext> {
    let span = CONTEXT.get();
    (is_known() && span.is_sampled()).then_some(span)
}

/// Whether there is a span that has ids. One that is sampled has.
#[inline(always)]
pub(crate) fn is_known() -> bool {
    KIND.get() == Kind::Known
}

/// Gives the current span its ids, now that somebody asks.
#[cold]
fn name() -> SpanContext {
    let context = choose::unsampled();
    CONTEXT.set(context);
    KIND.set(Kind::Known);
    context
}

#[inline]
pub(super) fn kind() -> Kind {
    KIND.get()
}

/// What is current where the kind is [`Kind::Known`], and else something.
#[inline]
pub(super) fn known() -> SpanContext {
    CONTEXT.get()
}

/// Enters a span without ids, where no other is current; `false` where one is.
#[inline]
pub(super) fn enter_anonymous() -> bool {
    let is_free = KIND.get() == Kind::Nothing && state::foreign().is_none();
    if is_free {
        KIND.set(Kind::Anonymous);
    }
    is_free
}

/// The same where it is known that no other is.
#[inline]
pub(super) fn begin_anonymous() {
    KIND.set(Kind::Anonymous);
}

/// Leaves it, and tells its ids if it has got any.
#[inline]
pub(super) fn leave_anonymous() -> Option<SpanContext> {
    let kind = KIND.replace(Kind::Nothing);
    (kind == Kind::Known).then(|| CONTEXT.get())
}

/// Leaves it where nobody will enter it again.
#[inline(never)]
pub(super) fn leave_anonymous_for_good() {
    KIND.set(Kind::Nothing);
}

/// What was current before something was entered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    kind: Kind,
    /// Where the kind is [`Kind::Known`].
    context: SpanContext,
    outside: Option<SpanId>,
}

impl Before {
    pub(super) const NOTHING: Self =
        Self { kind: Kind::Nothing, context: SpanContext::UNSEEN, outside: None };
}

/// Makes that current, and notes in `before` what was.
#[inline]
pub(super) fn enter(context: SpanContext, before: &mut Before) {
    note(before);
    CONTEXT.set(context);
    KIND.set(Kind::Known);
}

#[inline]
fn note(before: &mut Before) {
    if let Some(foreign) = state::foreign() {
        before.outside = enter_from(foreign);
    }
    before.kind = KIND.get();
    if before.kind == Kind::Known {
        before.context = CONTEXT.get();
    }
}

/// Notes which span of another library is outside from now on, and gives the one that was.
#[cold]
fn enter_from(foreign: state::Foreign) -> Option<SpanId> {
    OUTSIDE.replace(foreign().map(|span| span.span_id))
}

#[inline]
pub(super) fn leave(before: &Before) {
    if before.kind == Kind::Known {
        CONTEXT.set(before.context);
    }
    KIND.set(before.kind);
    if state::foreign().is_some() {
        OUTSIDE.set(before.outside);
    }
}

/// The span that a new one is a child of, and whether it is another library's.
#[inline]
pub(super) fn innermost() -> (Option<SpanContext>, bool) {
    let Some(foreign) = state::foreign() else { return (current(), false) };
    // One that was around our current span before that was entered is not inside it.
    match foreign().filter(|span| OUTSIDE.get() != Some(span.span_id)) {
        Some(inner) => (Some(inner), true),
        None => (current(), false),
    }
}

/// The span whose record can be changed on this thread.
#[inline]
pub(super) fn recorded() -> Option<SpanId> {
    if !state::is_on() || KIND.get() != Kind::Known {
        return None;
    }
    let span = CONTEXT.get();
    (span.is_sampled() && !span.is_remote).then_some(span.span_id)
}

/// Begins no trace on this thread from now on.
pub(super) fn suppress() {
    KIND.set(Kind::Quiet);
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
    let mut before = Before::NOTHING;
    match context {
        Some(context) => enter(context, &mut before),
        None => {
            note(&mut before);
            KIND.set(Kind::Nothing);
        }
    }
    Attached { before, not_send: PhantomData }
}

/// Keeps a context current; dropping it brings back the one before. Not to be held across an `.await`: see
/// [`with_context`].
#[derive(Debug)]
#[must_use = "the context is current until this is dropped"]
pub struct Attached {
    before: Before,
    not_send: PhantomData<*const ()>,
}

impl Drop for Attached {
    fn drop(&mut self) {
        leave(&self.before);
    }
}

/// Runs `future` with `context` as the current one, whichever thread polls it: for a task of its own that goes on with the
/// work of the one that spawned it.
///
/// ```no_run
/// # use mainstay_runtime::trace;
/// # async fn send_mail() {}
/// tokio::spawn(trace::with_context(trace::current(), send_mail()));
/// ```
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        metered::{Metered, Outcome},
        metrics::{Buckets, Histogram},
    };

    #[test]
    fn what_is_measured_in_a_span_that_is_not_sampled_draws_it_no_ids() {
        let histogram = Histogram::new(Buckets::seconds());
        let metered = Metered::builder().build("current.metered").unwrap();
        assert!(enter_anonymous());
        for _ in 0..3000 {
            histogram.observe(0.1);
            metered.begin().end(Outcome::Ok);
        }
        assert_eq!(kind(), Kind::Anonymous);
        let named = current();
        assert_eq!((named.is_some(), current(), leave_anonymous()), (true, named, named));
        assert_eq!(current(), None);
    }
}
