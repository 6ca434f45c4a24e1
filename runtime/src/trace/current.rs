use std::{
    cell::{Cell, RefCell},
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{SpanContext, SpanId, SpanRecord, choose, own::Left, recording::Recording, state};

thread_local! {
    static KIND: Cell<Kind> = const { Cell::new(Kind::Nothing) };
    /// Where the kind is [`Kind::Known`].
    static CONTEXT: Cell<Option<SpanContext>> = const { Cell::new(None) };
    /// The recordings of the spans that are entered on this thread, the innermost last.
    static STACK: RefCell<Vec<Recording>> = const { RefCell::new(Vec::new()) };
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
        Kind::Known => CONTEXT.get(),
    }
}

/// Gives the current span its ids, now that somebody asks.
#[cold]
fn name() -> SpanContext {
    let context = choose::unsampled();
    CONTEXT.set(Some(context));
    KIND.set(Kind::Known);
    context
}

#[inline]
pub(super) fn kind() -> Kind {
    KIND.get()
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

/// Leaves it, and tells its ids if it has got any.
#[inline]
pub(super) fn leave_anonymous() -> Option<SpanContext> {
    let kind = KIND.replace(Kind::Nothing);
    if kind == Kind::Known { CONTEXT.get() } else { None }
}

/// What was current before something was entered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    kind: Kind,
    context: Option<SpanContext>,
    outside: Option<SpanId>,
}

#[inline]
pub(super) fn enter(context: Option<SpanContext>) -> Before {
    let outside = match state::foreign() {
        Some(foreign) => OUTSIDE.replace(foreign().map(|span| span.span_id)),
        None => None,
    };
    let kind = KIND.replace(if context.is_some() { Kind::Known } else { Kind::Nothing });
    Before { kind, context: CONTEXT.replace(context), outside }
}

#[inline]
pub(super) fn leave(before: Before) {
    CONTEXT.set(before.context);
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

/// Puts the recording where others on this thread find it; gives it back if the thread is ending.
#[inline]
pub(super) fn lend(recording: Recording) -> Result<(), Recording> {
    let mut recording = Some(recording);
    let lent = STACK.try_with(|stack| {
        if let Ok(mut stack) = stack.try_borrow_mut() {
            stack.extend(recording.take());
        }
    });
    match (lent, recording) {
        (_, Some(recording)) => Err(recording),
        _ => Ok(()),
    }
}

/// Takes the recording of that span away again.
#[inline]
pub(super) fn take_back(span: SpanId) -> Option<Recording> {
    let taken = STACK.try_with(|stack| {
        let mut stack = stack.try_borrow_mut().ok()?;
        match stack.last() {
            Some(last) if last.context.span_id == span => stack.pop(),
            _ => {
                // Entered and left in another order than one inside the other.
                let place = stack.iter().rposition(|recording| recording.context.span_id == span)?;
                Some(stack.remove(place))
            }
        }
    });
    taken.ok().flatten()
}

/// Changes the record of that span, if it is entered on this thread. `change` must not run code of the user.
pub(super) fn with_record(span: SpanId, change: impl FnOnce(&mut SpanRecord)) {
    let _ = STACK.try_with(|stack| {
        if let Ok(mut stack) = stack.try_borrow_mut()
            && let Some(recording) = stack.iter_mut().rfind(|recording| recording.context.span_id == span)
        {
            change(recording);
        }
    });
}

/// The span whose record can be changed on this thread.
#[inline]
pub(super) fn recorded() -> Option<SpanId> {
    if !state::is_on() || KIND.get() != Kind::Known {
        return None;
    }
    CONTEXT.get().filter(|span| span.is_sampled() && !span.is_remote).map(|span| span.span_id)
}

thread_local! {
    /// What was current before the calls that are entered on this thread, the innermost last.
    static PARKED: RefCell<Vec<Parked>> = const { RefCell::new(Vec::new()) };
}

/// What is brought back when a call is left.
#[derive(Debug)]
pub(super) struct Parked {
    pub(super) left: Left,
    /// Whether a panic went on when it was entered.
    pub(super) was_panicking: bool,
}

/// Keeps it until [`unpark`], on this thread; `false` if the thread is ending.
#[inline]
pub(super) fn park(parked: Parked) -> bool {
    let mut parked = Some(parked);
    let _ = PARKED.try_with(|all| all.borrow_mut().extend(parked.take()));
    parked.is_none()
}

#[inline]
pub(super) fn unpark() -> Option<Parked> {
    PARKED.try_with(|all| all.borrow_mut().pop()).ok().flatten()
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
    Attached { before: enter(context), not_send: PhantomData }
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
        leave(self.before);
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
