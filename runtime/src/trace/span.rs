use std::{
    borrow::Cow,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{
    Attribute, SpanContext, SpanKind, Status, ToAttribute,
    choose::Parent,
    note,
    own::{Aborted, Own},
    state,
};

/// Makes spans by hand, in the name of a part of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tracer {
    scope: &'static str,
}

/// The tracer of that part of the program, which exporters tell as the instrumentation scope.
///
/// ```
/// use mainstay_runtime::trace::{SpanKind, tracer};
///
/// let mut span = tracer("orders").span("query").kind(SpanKind::Client).enter();
/// span.set_attribute("db.system.name", "postgresql");
/// span.add_event("rows", &[("count", &7)]);
/// ```
pub const fn tracer(scope: &'static str) -> Tracer {
    Tracer { scope }
}

/// The same as [`tracer`], by the name that OpenTelemetry has for it.
pub const fn get_tracer(scope: &'static str) -> Tracer {
    tracer(scope)
}

impl Tracer {
    /// A span to be begun, the child of the current one unless told otherwise.
    pub fn span(self, name: impl Into<Cow<'static, str>>) -> SpanBuilder {
        SpanBuilder {
            scope: self.scope,
            name: name.into(),
            kind: SpanKind::Internal,
            parent: Parent::Current,
            links: Vec::new(),
        }
    }

    /// Begins a span that is not made current.
    pub fn start_span(self, name: impl Into<Cow<'static, str>>) -> Span {
        self.span(name).start()
    }

    /// Begins a span and makes it current until the guard is dropped.
    pub fn start_as_current_span(self, name: impl Into<Cow<'static, str>>) -> ActiveSpan {
        self.span(name).enter()
    }
}

/// A span to be begun.
#[derive(Debug)]
#[must_use = "no span begins before `start`, `enter` or `in_scope`"]
pub struct SpanBuilder {
    scope: &'static str,
    name: Cow<'static, str>,
    kind: SpanKind,
    parent: Parent,
    links: Vec<SpanContext>,
}

impl SpanBuilder {
    /// Its part in a conversation of processes. Default: [`SpanKind::Internal`].
    pub fn kind(self, kind: SpanKind) -> Self {
        Self { kind, ..self }
    }

    /// Its parent; `None` begins a new trace. Default: the current span.
    pub fn parent(self, parent: Option<SpanContext>) -> Self {
        Self { parent: Parent::Given(parent), ..self }
    }

    /// A span of another trace that it has to do with.
    pub fn link(mut self, link: SpanContext) -> Self {
        self.links.push(link);
        self
    }

    /// Begins it.
    pub fn start(self) -> Span {
        if !state::is_on() {
            return Span { own: Own::Off };
        }
        let mut own = Own::begin(self.name, self.parent);
        // Whoever makes a span by hand may ask for its ids.
        own.named();
        own.change(|record| {
            record.kind = self.kind;
            record.scope = self.scope;
            self.links.into_iter().for_each(|link| record.add_link(link));
        });
        Span { own }
    }

    /// Begins it and makes it current until the guard is dropped.
    pub fn enter(self) -> ActiveSpan {
        self.start().enter()
    }

    /// Begins it, runs `work` in it, and ends it.
    pub fn in_scope<R>(self, work: impl FnOnce() -> R) -> R {
        let _active = self.enter();
        work()
    }
}

/// A span made by hand. It ends when it is dropped.
#[derive(Debug)]
#[must_use = "a span ends when it is dropped"]
pub struct Span {
    own: Own,
}

/// What can be said of a span, whoever holds it.
macro_rules! telling {
    () => {
        /// Whether it is recorded. What costs something to find out need not be told a span that is not.
        pub fn is_recorded(&self) -> bool {
            self.own.is_recorded()
        }

        /// Sets an attribute, in place of the one of that key.
        pub fn set_attribute(&mut self, key: impl Into<Cow<'static, str>>, value: impl ToAttribute) {
            if self.own.is_recorded()
                && let Some(value) = value.to_attribute()
            {
                let attribute = Attribute { key: key.into(), value };
                self.own.change(|record| record.set_attribute(attribute));
            }
        }

        /// The same as `set_attribute`, by the name that OpenTracing had for it.
        pub fn set_tag(&mut self, key: impl Into<Cow<'static, str>>, value: impl ToAttribute) {
            self.set_attribute(key, value);
        }

        /// Adds an event, now.
        pub fn add_event(
            &mut self,
            name: impl Into<Cow<'static, str>>,
            attributes: &[(&'static str, &dyn ToAttribute)],
        ) {
            if self.own.is_recorded() {
                let event = note::event(name.into(), attributes);
                self.own.change(|record| record.add_event(event));
            }
        }

        /// Says how it ends.
        pub fn set_status(&mut self, status: Status) {
            self.own.change(|record| record.status = status);
        }

        /// Gives it another name.
        pub fn set_name(&mut self, name: impl Into<Cow<'static, str>>) {
            let name = name.into();
            self.own.change(|record| record.name = name);
        }
    };
}

impl Span {
    /// Which span it is; `None` where there is none because nothing is exported.
    pub fn context(&self) -> Option<SpanContext> {
        self.own.context()
    }

    telling!();

    /// Makes it current until the guard is dropped, and then ends it.
    pub fn enter(mut self) -> ActiveSpan {
        let context = self.own.context();
        let own = std::mem::replace(&mut self.own, Own::Off);
        let mut active =
            ActiveSpan { own, context, was_panicking: std::thread::panicking(), not_send: PhantomData };
        active.own.enter();
        active
    }

    /// Runs `work` in it.
    pub fn in_scope<R>(&mut self, work: impl FnOnce() -> R) -> R {
        struct Within<'s>(&'s mut Own);
        impl Drop for Within<'_> {
            fn drop(&mut self) {
                self.0.leave();
            }
        }
        self.own.enter();
        let _within = Within(&mut self.own);
        work()
    }

    /// Runs `future` in it, whichever thread polls it, and ends it with that.
    pub const fn instrument<F: Future>(self, future: F) -> InSpan<F> {
        InSpan { future, span: self }
    }

    /// Ends it. The same as dropping it.
    pub fn end(self) {}
}

impl Drop for Span {
    fn drop(&mut self) {
        if std::thread::panicking() && self.own.is_recorded() {
            self.own.abort(Aborted::Panicked);
        }
    }
}

/// A span made by hand that is current on this thread. It ends when it is dropped. Not to be held across an `.await`: see
/// [`Span::instrument`].
#[derive(Debug)]
#[must_use = "a span ends when its guard is dropped"]
pub struct ActiveSpan {
    own: Own,
    context: Option<SpanContext>,
    was_panicking: bool,
    not_send: PhantomData<*const ()>,
}

impl ActiveSpan {
    /// Which span it is; `None` where there is none because nothing is exported.
    pub fn context(&self) -> Option<SpanContext> {
        self.context
    }

    telling!();
}

impl Drop for ActiveSpan {
    fn drop(&mut self) {
        self.own.leave();
        if std::thread::panicking() && !self.was_panicking && self.own.is_recorded() {
            self.own.abort(Aborted::Panicked);
        }
    }
}

pin_project! {
    /// See [`Span::instrument`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct InSpan<F> {
        #[pin]
        future: F,
        // After the future: it ends when that is gone.
        span: Span,
    }
}

impl<F: Future> Future for InSpan<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let (span, future) = (this.span, this.future);
        let poll = span.in_scope(|| future.poll(cx));
        if poll.is_ready() {
            span.own = Own::Off;
        }
        poll
    }
}
