use std::task::{Context, Poll};

use axum::extract::MatchedPath;
use http::{Request, Response, header};
use mainstay_http::{Headers, HttpMetrics, Method, version};
use mainstay_runtime::{
    context::InContext,
    propagate::{self, Incoming},
    trace::{Span, SpanBuilder, SpanContext, SpanKind, WithContext, tracer},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::{measured, respond::Respond, told::Told};

/// Observes each request: see [`Observe`].
pub const fn observe() -> Observe {
    Observe { trusts: true, takes_deadlines: true, metrics: None }
}

/// The layer that observes each request.
///
/// - It reads `traceparent`, `tracestate`, `baggage`, `x-correlation-id` and `x-request-id`, and whatever runs for the request has
///   them: logs, spans, requests to others.
///   The request's extensions hold the [`Context`](mainstay_runtime::context::Context), too.
/// - It reads how much time the request has, from the headers of
///   [`DeadlineHeaders`](mainstay_runtime::propagate::DeadlineHeaders), and that is the
///   [deadline](mainstay_runtime::deadline) of whatever runs for the request: time limits end with it, requests to others say what
///   is left. It can only shorten what the service gives itself.
/// - It makes a span of the kind *server*, `GET /orders/{id}`, with the attributes of OpenTelemetry's
///   [conventions](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span); never the query.
/// - It counts `http_server_request_duration_seconds` and `http_server_active_requests`.
/// - It sends `x-correlation-id` and `x-request-id` back, unless the handler has set them.
///
/// A request ends when the head of its response is there. One that is dropped before, because the client went away, ends with
/// `error.type="cancelled"`, one that panics with `error.type="panic"`.
///
/// Put it on the router with `Router::layer`: there the route is known. Requests that no route takes are observed where it is
/// put around the router as a service.
#[derive(Debug, Clone)]
#[must_use = "a layer does something around a service: `router.layer(observe())`"]
pub struct Observe {
    trusts: bool,
    takes_deadlines: bool,
    metrics: Option<HttpMetrics>,
}

impl Observe {
    /// The metrics that requests are counted with. Default: those of [`HttpMetrics::standard`], in the program's registry.
    ///
    /// ```
    /// use mainstay_axum::{HttpMetrics, observe};
    /// use mainstay_runtime::metrics::registry;
    ///
    /// // By the names of earlier services, such as `http_requests_total`.
    /// let layer = observe().metrics(HttpMetrics::compatible(registry(), "prophet")?);
    /// # drop(layer);
    /// # Ok::<(), mainstay_runtime::metrics::MetricError>(())
    /// ```
    pub fn metrics(mut self, metrics: HttpMetrics) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// Whether what the request says of spans, baggage and its deadline is taken over. Default: yes.
    ///
    /// Say no where strangers send requests: they would decide which of their requests are sampled, send baggage to
    /// the services behind, and have work begun that is cut off at once. Their span becomes a link; their ids are taken, because
    /// they name nothing but the request.
    pub const fn trust(mut self, trusts: bool) -> Self {
        self.trusts = trusts;
        self
    }

    /// Whether the deadline that a request brings is taken over. Default: yes, where requests are
    /// [trusted](Self::trust).
    pub const fn deadlines(mut self, takes: bool) -> Self {
        self.takes_deadlines = takes;
        self
    }
}

impl<S> Layer<S> for Observe {
    type Service = Observed<S>;

    fn layer(&self, inner: S) -> Observed<S> {
        Observed { inner, options: self.clone() }
    }
}

/// A service whose requests are observed: see [`Observe`].
#[derive(Debug, Clone)]
pub struct Observed<S> {
    inner: S,
    options: Observe,
}

impl<S, Q, B> Service<Request<Q>> for Observed<S>
where
    S: Service<Request<Q>, Response = Response<B>>,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = InContext<WithContext<Respond<S::Future>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Q>) -> Self::Future {
        let (incoming, stranger) = self.options.read(&request);
        let mut span = begin(&request, incoming.parent, stranger);
        let measured = measured::begin(self.options.metrics.as_ref(), &request);
        let told = Told::of(&incoming.context);
        request.extensions_mut().insert(incoming.context.clone());
        let future = incoming.scope(|| span.in_scope(|| self.inner.call(request)));
        incoming.run(Respond::new(future, span, measured, told))
    }
}

impl Observe {
    /// What a request brings, and the span that is not taken over.
    fn read<Q>(&self, request: &Request<Q>) -> (Incoming, Option<SpanContext>) {
        let mut incoming = propagate::extract(&Headers(request.headers()));
        if !(self.trusts && self.takes_deadlines) {
            incoming.deadline = None;
        }
        if self.trusts {
            return (incoming, None);
        }
        let stranger = incoming.parent.take();
        incoming.context = incoming.context.only_ids();
        (incoming, stranger)
    }
}

fn begin<Q>(request: &Request<Q>, parent: Option<SpanContext>, stranger: Option<SpanContext>) -> Span {
    let method = Method::from(request.method()).as_str();
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let tracer = tracer("mainstay-axum");
    let builder = match route {
        Some(route) => tracer.span(format!("{method} {route}")),
        None => tracer.span(method),
    };
    let builder = builder.kind(SpanKind::Server).parent(parent);
    let mut span = stranger.into_iter().fold(builder, SpanBuilder::link).start();
    if span.is_recorded() {
        describe(&mut span, request, method, route);
    }
    span
}

fn describe<Q>(span: &mut Span, request: &Request<Q>, method: &'static str, route: Option<&str>) {
    span.set_attribute("http.request.method", method);
    if method == "_OTHER" {
        span.set_attribute("http.request.method_original", request.method().as_str());
    }
    if let Some(route) = route {
        span.set_attribute("http.route", route);
    }
    span.set_attribute("url.path", request.uri().path());
    span.set_attribute("url.scheme", request.uri().scheme_str().unwrap_or("http"));
    span.set_attribute("network.protocol.version", version(request.version()));
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(host) = request.uri().authority().map(|authority| authority.as_str()).or(text(header::HOST)) {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse::<u16>().ok()),
            _ => (host, None),
        };
        span.set_attribute("server.address", name);
        if let Some(port) = port {
            span.set_attribute("server.port", i64::from(port));
        }
    }
    if let Some(agent) = text(header::USER_AGENT) {
        span.set_attribute("user_agent.original", agent);
    }
}
