use std::{
    borrow::Cow,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{
    Attribute, AttributeValue, SpanContext, SpanSite,
    choose::Parent,
    current::{self, Parked},
    own::{Aborted, Own},
};

/// The span of one call of an annotated function; `None` where nobody wants it.
#[derive(Debug)]
pub struct Call(Option<Wanted>);

/// A span that somebody wants.
#[derive(Debug)]
struct Wanted {
    own: Own,
    /// The span of `tracing` beside it, or instead of it.
    twin: Option<Box<tracing::Span>>,
}

/// How a call ended.
#[derive(Debug, Default)]
pub struct Ending {
    /// The type of the error, if it failed.
    pub error_type: Option<&'static str>,
    /// What the error says, if that is to be recorded.
    pub error: Option<String>,
    /// The value, if that is to be recorded.
    pub value: Option<String>,
}

impl Call {
    /// Begins the span of a call. Costs a load if nobody wants it.
    #[inline(always)]
    pub fn begin<const N: usize>(
        site: &'static SpanSite,
        values: impl FnOnce() -> [Option<AttributeValue>; N],
    ) -> Self {
        if site.is_idle() {
            return Self(None);
        }
        Self(begin(site, Parent::Current, values))
    }

    /// The same as the child of a given span.
    #[inline(always)]
    pub fn begin_under<const N: usize>(
        site: &'static SpanSite,
        parent: impl FnOnce() -> Option<SpanContext>,
        values: impl FnOnce() -> [Option<AttributeValue>; N],
    ) -> Self {
        if site.is_idle() {
            return Self(None);
        }
        Self(begin(site, Parent::Given(parent()), values))
    }

    /// Makes it the current span of this thread until the guard is dropped.
    #[inline(always)]
    pub fn enter(&mut self) -> Entered<'_> {
        let mut entered = self.0.as_mut();
        if let Some(wanted) = &mut entered {
            wanted.enter();
        }
        Entered(entered)
    }

    /// Ends it.
    #[inline(always)]
    pub fn end(&mut self, ending: impl FnOnce() -> Ending) {
        if let Some(wanted) = &mut self.0 {
            wanted.end(ending);
        }
    }
}

// What follows is a call in each annotated function and no more: those are many, and small where nobody wants their spans.
#[inline(never)]
fn begin<const N: usize>(
    site: &'static SpanSite,
    parent: Parent,
    values: impl FnOnce() -> [Option<AttributeValue>; N],
) -> Option<Wanted> {
    let (is_recorded, is_traced) = site.wanted();
    let own = if is_recorded { Own::begin(Cow::Borrowed(site.name()), parent) } else { Own::Off };
    if is_traced || own.is_recorded() {
        return Some(filled(own, site, is_traced, values()));
    }
    (!own.is_off()).then_some(Wanted { own, twin: None })
}

fn filled<const N: usize>(
    mut own: Own,
    site: &'static SpanSite,
    is_traced: bool,
    values: [Option<AttributeValue>; N],
) -> Wanted {
    let twin = is_traced.then(|| site.twin(&values));
    own.change(|record| {
        record.kind = site.kind;
        record.code = Some(&site.code);
        let given = site.keys().zip(values).filter_map(|(key, value)| Some((key, value?)));
        record.attributes.extend(given.map(|(key, value)| Attribute { key: Cow::Borrowed(key), value }));
    });
    Wanted { own, twin }
}

impl Wanted {
    #[inline(never)]
    fn enter(&mut self) {
        // `tracing`'s first: what is entered inside ours is inside both.
        if let Some(twin) = &self.twin {
            twin.with_subscriber(|(id, dispatch)| dispatch.enter(id));
        }
        let left = self.own.enter();
        let was_panicking = matches!(self.own, Own::Lent(_)) && std::thread::panicking();
        if !current::park(Parked { left, was_panicking }) {
            self.own.leave(left);
        }
    }

    #[inline(never)]
    fn leave(&mut self) {
        if let Some(Parked { left, was_panicking }) = current::unpark() {
            self.own.leave(left);
            // Not when the future is dropped: whoever catches the panic may keep that for a while.
            if matches!(self.own, Own::Recorded(_)) && std::thread::panicking() && !was_panicking {
                self.own.abort(Aborted::Panicked);
            }
        }
        if let Some(twin) = &self.twin {
            twin.with_subscriber(|(id, dispatch)| dispatch.exit(id));
        }
    }

    #[inline(never)]
    fn end(&mut self, ending: impl FnOnce() -> Ending) {
        if self.own.is_recorded() || self.twin.is_some() {
            self.note(ending());
        }
        self.own = Own::Off;
        self.twin = None;
    }

    #[inline(never)]
    fn note(&mut self, ending: Ending) {
        if let Some(twin) = &self.twin
            && (ending.error.is_some() || ending.value.is_some())
        {
            let _entered = twin.enter();
            // The call has left its span, and the lines belong to it.
            let _attached = self.own.context().map(|context| current::attach(Some(context)));
            if let Some(error) = &ending.error {
                tracing::error!(target: "mainstay::trace_span", error = error.as_str(), "the call failed");
            }
            if let Some(value) = &ending.value {
                tracing::info!(target: "mainstay::trace_span", r#return = value.as_str(), "the call returned");
            }
        }
        self.own.change(|record| super::note::end(record, ending));
    }

    /// Makes it the current span until it is dropped itself, which it is when its future is gone: what that does last belongs to
    /// the call as well.
    #[cold]
    fn enter_to_drop(&mut self) {
        let left = self.own.enter();
        let is_parked =
            matches!(self.own, Own::Lent(_)) && current::park(Parked { left, was_panicking: false });
        if !is_parked {
            self.own.leave(left);
        }
    }

    #[cold]
    fn abandon(&mut self) {
        if matches!(self.own, Own::Lent(_))
            && let Some(parked) = current::unpark()
        {
            self.own.leave(parked.left);
        }
        if self.own.is_recorded() {
            let panics = std::thread::panicking();
            self.own.abort(if panics { Aborted::Panicked } else { Aborted::Cancelled });
        }
    }
}

impl Drop for Wanted {
    #[inline]
    fn drop(&mut self) {
        if self.own.is_recorded() {
            self.abandon();
        }
    }
}

/// Keeps the span of a call current. What was current before lies on a stack of the thread: here it would be moved around by each
/// annotated function, wanted or not.
#[derive(Debug)]
pub struct Entered<'c>(Option<&'c mut Wanted>);

impl Drop for Entered<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(wanted) = &mut self.0 {
            wanted.leave();
        }
    }
}

pin_project! {
    /// A future with the span of its call around each poll.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Traced<F, E> {
        #[pin]
        future: F,
        // After the future: it ends when that is gone.
        call: Call,
        ending: E,
    }

    impl<F, E> PinnedDrop for Traced<F, E> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let Some(wanted) = this.call.0.as_mut().filter(|wanted| wanted.own.is_recorded()) {
                wanted.enter_to_drop();
            }
        }
    }
}

/// Runs `future` in the span of the call, which `ending` tells how it ended.
#[inline]
pub const fn traced<F: Future, E: Fn(&F::Output) -> Ending>(
    call: Call,
    future: F,
    ending: E,
) -> Traced<F, E> {
    Traced { future, call, ending }
}

impl<F: Future, E: Fn(&F::Output) -> Ending> Future for Traced<F, E> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if this.call.0.is_none() {
            return this.future.poll(cx);
        }
        let poll = {
            let _entered = this.call.enter();
            this.future.poll(cx)
        };
        if let Poll::Ready(output) = &poll {
            this.call.end(|| (this.ending)(output));
            this.call.0 = None;
        }
        poll
    }
}
