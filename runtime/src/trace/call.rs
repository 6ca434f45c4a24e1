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
    current::{self, Before},
    own::{Aborted, Own},
};

/// The span of one call of an annotated function.
#[derive(Debug)]
pub struct Call {
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
    const NONE: Self = Self { own: Own::Off, twin: None };

    /// Begins the span of a call. Costs a load if nobody wants it.
    #[inline(always)]
    pub fn begin<const N: usize>(
        site: &'static SpanSite,
        values: impl FnOnce() -> [Option<AttributeValue>; N],
    ) -> Self {
        if site.is_idle() {
            return Self::NONE;
        }
        Self::begin_wanted(site, Parent::Current, values)
    }

    /// The same as the child of a given span.
    #[inline(always)]
    pub fn begin_under<const N: usize>(
        site: &'static SpanSite,
        parent: impl FnOnce() -> Option<SpanContext>,
        values: impl FnOnce() -> [Option<AttributeValue>; N],
    ) -> Self {
        if site.is_idle() {
            return Self::NONE;
        }
        Self::begin_wanted(site, Parent::Given(parent()), values)
    }

    #[inline]
    fn begin_wanted<const N: usize>(
        site: &'static SpanSite,
        parent: Parent,
        values: impl FnOnce() -> [Option<AttributeValue>; N],
    ) -> Self {
        let (mut call, is_traced) = Self::decide(site, parent);
        if is_traced || call.own.is_recorded() {
            call.fill(site, is_traced, values());
        }
        call
    }

    #[inline(never)]
    fn decide(site: &'static SpanSite, parent: Parent) -> (Self, bool) {
        let (is_recorded, is_traced) = site.wanted();
        let mut own = match is_recorded {
            true => Own::begin(Cow::Borrowed(site.name()), parent),
            false => Own::Off,
        };
        if let Own::Recorded(recording) = &mut own {
            recording.kind = site.kind;
            recording.code = Some(&site.code);
        }
        (Self { own, twin: None }, is_traced)
    }

    fn fill<const N: usize>(
        &mut self,
        site: &'static SpanSite,
        is_traced: bool,
        values: [Option<AttributeValue>; N],
    ) {
        if is_traced {
            self.twin = Some(site.twin(&values));
        }
        self.own.change(|record| {
            let given = site.keys().zip(values).filter_map(|(key, value)| Some((key, value?)));
            record.attributes.extend(given.map(|(key, value)| Attribute { key: Cow::Borrowed(key), value }));
        });
    }

    #[inline]
    fn is_nothing(&self) -> bool {
        self.own.is_off() && self.twin.is_none()
    }

    /// Makes it the current span of this thread until the guard is dropped.
    #[inline]
    pub fn enter(&mut self) -> Entered<'_> {
        let Self { own, twin } = self;
        // `tracing`'s first: what is entered inside ours is inside both.
        let twin = twin.as_deref().map(tracing::Span::enter);
        let before = own.enter();
        let was_panicking = before.is_some() && std::thread::panicking();
        Entered { own, before, was_panicking, _twin: twin }
    }

    /// Makes it the current span until it is dropped itself, which it is when its future is gone: what that does last belongs to
    /// the call as well.
    #[cold]
    fn enter_to_drop(&mut self) {
        match (self.own.enter(), &self.own) {
            (Some(before), Own::Lent(_)) => current::park(before),
            (Some(before), _) => self.own.leave(before),
            (None, _) => {}
        }
    }

    /// Ends it.
    #[inline]
    pub fn end(mut self, ending: impl FnOnce() -> Ending) {
        if !self.is_nothing() {
            self.end_wanted(ending);
        }
    }

    #[inline(never)]
    fn end_wanted(&mut self, ending: impl FnOnce() -> Ending) {
        if self.own.is_recorded() || self.twin.is_some() {
            self.note(ending());
        }
        self.own = Own::Off;
        self.twin = None;
    }

    fn note(&mut self, ending: Ending) {
        if let Some(twin) = &self.twin
            && (ending.error.is_some() || ending.value.is_some())
        {
            let _entered = twin.enter();
            if let Some(error) = &ending.error {
                tracing::error!(target: "mainstay::trace_span", error = error.as_str());
            }
            if let Some(value) = &ending.value {
                tracing::info!(target: "mainstay::trace_span", r#return = value.as_str());
            }
        }
        self.own.change(|record| super::note::end(record, ending));
    }
}

impl Drop for Call {
    #[inline]
    fn drop(&mut self) {
        if matches!(self.own, Own::Lent(_))
            && let Some(before) = current::unpark()
        {
            self.own.leave(before);
        }
        if self.own.is_recorded() {
            let panics = std::thread::panicking();
            self.own.abort(if panics { Aborted::Panicked } else { Aborted::Cancelled });
        }
    }
}

/// Keeps the span of a call current.
#[derive(Debug)]
pub struct Entered<'c> {
    own: &'c mut Own,
    before: Option<Before>,
    was_panicking: bool,
    _twin: Option<tracing::span::Entered<'c>>,
}

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        let Some(before) = self.before else { return };
        self.own.leave(before);
        // Not when the future is dropped: whoever catches the panic may keep that for a while.
        if std::thread::panicking() && !self.was_panicking {
            self.own.abort(Aborted::Panicked);
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
            if this.call.own.is_recorded() {
                this.call.enter_to_drop();
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
        if this.call.is_nothing() {
            return this.future.poll(cx);
        }
        let poll = {
            let _entered = this.call.enter();
            this.future.poll(cx)
        };
        if let Poll::Ready(output) = &poll {
            this.call.end_wanted(|| (this.ending)(output));
        }
        poll
    }
}
