use std::{
    borrow::Cow,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use mainstay_runtime::{
    metered::Outcome,
    trace::{Span, SpanKind, Status, tracer},
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{ByClass, Classes, answer::classified};

/// Runs each call in a span of its own.
///
/// The inner service is called in it and polled in it; it ends when the call does, and a failure by the answer's
/// [class](Classes) is its status. For requests of HTTP, `mainstay::axum::observe` says much more.
///
/// ```
/// use mainstay_runtime::{Error, trace::SpanKind};
/// use mainstay_tower::SpanLayer;
/// use tower::{ServiceBuilder, ServiceExt, service_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let payments = ServiceBuilder::new()
///     .layer(SpanLayer::new("charge").kind(SpanKind::Client))
///     .service(service_fn(|cents: u64| async move { Ok::<_, Error>(cents) }));
/// assert_eq!(payments.oneshot(5).await?, 5);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a layer does something around a service"]
pub struct SpanLayer<C = ByClass> {
    name: Cow<'static, str>,
    kind: SpanKind,
    classes: C,
}

impl SpanLayer {
    /// Spans of that name.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), kind: SpanKind::Internal, classes: ByClass }
    }
}

impl<C> SpanLayer<C> {
    /// What the calls are to the trace. Default: [`SpanKind::Internal`].
    pub fn kind(mut self, kind: SpanKind) -> Self {
        self.kind = kind;
        self
    }
}

classified!(SpanLayer { name, kind });

impl<S, C: Clone> Layer<S> for SpanLayer<C> {
    type Service = SpanService<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        SpanService { inner, layer: self.clone() }
    }
}

/// A service whose calls have spans: see [`SpanLayer`].
#[derive(Debug, Clone)]
pub struct SpanService<S, C = ByClass> {
    inner: S,
    layer: SpanLayer<C>,
}

impl<S, C, Request> Service<Request> for SpanService<S, C>
where
    S: Service<Request>,
    C: Classes<S::Response, S::Error> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = SpanFuture<S::Future, C>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let mut span = tracer("mainstay.tower").span(self.layer.name.clone()).kind(self.layer.kind).start();
        let future = span.in_scope(|| self.inner.call(request));
        SpanFuture { future, span: Some(span), classes: self.layer.classes.clone() }
    }
}

pin_project! {
    /// A call in a span: see [`SpanLayer`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct SpanFuture<F, C = ByClass> {
        #[pin]
        future: F,
        // After the future: it ends when that is gone.
        span: Option<Span>,
        classes: C,
    }
}

impl<F, T, E, C> Future for SpanFuture<F, C>
where
    F: Future<Output = Result<T, E>>,
    C: Classes<T, E>,
{
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(span) = this.span else { return Poll::Pending };
        let answer = ready!(span.in_scope(|| this.future.poll(cx)));
        if let Some(class) = this.classes.class(&answer) {
            if let Some(error_type) = Outcome::error(class).error_type() {
                span.set_attribute("error.type", error_type);
            }
            span.set_status(Status::Error("".into()));
        }
        *this.span = None;
        Poll::Ready(answer)
    }
}
