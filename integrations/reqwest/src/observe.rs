use std::{
    future::{Future, poll_fn},
    pin::pin,
};

use async_trait::async_trait;
use http::Extensions;
use mainstay_http::{Ending, ErrorType, HeadersMut, Method};
use mainstay_runtime::{
    clock, deadline,
    propagate::{self, DeadlineHeaders},
    trace::{Span, SpanKind, tracer},
};
use reqwest::{Request, Response, Url};
use reqwest_middleware::{Error, Middleware, Next};

use crate::{late, measured::Measured};

/// Observes each request that a client sends.
///
/// - It writes `traceparent`, `tracestate`, `baggage`, `x-correlation-id` and `x-request-id`, as far as they are current.
/// - It writes how much time the call has left, into the header of
///   [`DeadlineHeaders`](mainstay_runtime::propagate::DeadlineHeaders). A request whose [deadline](mainstay_runtime::deadline) has
///   passed is not sent: [`refusal`](crate::refusal) finds the reason in the error. Where no time limit around does it, the
///   request is cut off at the deadline, as by [`timeout`](reqwest::RequestBuilder::timeout).
/// - It makes a span of the kind *client*, `GET`, with the attributes of OpenTelemetry's
///   [conventions](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client). `url.full` has neither query nor
///   credentials, because secrets stand there.
/// - It counts `http_client_request_duration_seconds`.
///
/// A request ends when the head of the response is there. Put it behind a middleware that retries, and each attempt is
/// observed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Observe;

/// The path of a request without what is different in each, such as `/orders/{id}`. Set on a request with
/// `with_extension`, it makes the span's name `GET /orders/{id}`.
#[derive(Debug, Clone)]
pub struct Template(
    /// The template.
    pub &'static str,
);

#[async_trait]
impl Middleware for Observe {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response, Error> {
        let measured = Measured::begin(request.method(), request.url());
        let mut ending = Ending::new(begin(&request, extensions.get()), measured);
        if !DeadlineHeaders::in_force().allow_a_call() {
            ending.end(None, Some(ErrorType::Named("deadline_exceeded")));
            return Err(late::error(request.url().host_str()));
        }
        hurry(&mut request);
        ending.within(|| propagate::inject(&mut HeadersMut(request.headers_mut())));
        let mut sent = pin!(next.run(request, extensions));
        let answer = poll_fn(|cx| ending.within(|| sent.as_mut().poll(cx))).await;
        match &answer {
            Ok(response) => {
                let status = response.status();
                let failed = status.is_client_error() || status.is_server_error();
                ending.end(Some(status), failed.then_some(ErrorType::Status(status)));
            }
            Err(error) => ending.end(None, Some(ErrorType::Named(name_of(error)))),
        }
        answer
    }
}

/// Where nobody around cuts the request off at the deadline, the client does.
fn hurry(request: &mut Request) {
    let Some(end) = deadline::unenforced() else { return };
    let left = end.saturating_since(clock::now());
    let timeout = request.timeout().map_or(left, |own| left.min(*own));
    *request.timeout_mut() = Some(timeout);
}

fn begin(request: &Request, template: Option<&Template>) -> Span {
    let method = Method::from(request.method()).as_str();
    let tracer = tracer("mainstay-reqwest");
    let mut span = match template {
        Some(Template(template)) => tracer.span(format!("{method} {template}")),
        None => tracer.span(method),
    }
    .kind(SpanKind::Client)
    .start();
    if span.is_recorded() {
        let url = request.url();
        span.set_attribute("http.request.method", method);
        span.set_attribute("url.full", shown(url));
        if let Some(host) = url.host_str() {
            span.set_attribute("server.address", host);
        }
        if let Some(port) = url.port_or_known_default() {
            span.set_attribute("server.port", i64::from(port));
        }
        if let Some(Template(template)) = template {
            span.set_attribute("url.template", *template);
        }
    }
    span
}

/// A URL without what may be secret in it.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // A URL that cannot have them has none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

fn name_of(error: &Error) -> &'static str {
    match error {
        Error::Reqwest(error) if error.is_timeout() => "timeout",
        Error::Reqwest(error) if error.is_connect() => "connect",
        Error::Reqwest(error) if error.is_redirect() => "redirect",
        Error::Reqwest(error) if error.is_body() => "body",
        _ => "_OTHER",
    }
}
