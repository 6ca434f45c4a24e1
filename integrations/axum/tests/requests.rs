//! What a request that is served leaves behind: its span, its ids, its series.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Poll, Waker},
};

use axum::{Router, body::Body, http::Request, response::IntoResponse, routing::get};
use http::{Response, StatusCode};
use mainstay_axum::{HttpMetrics, observe};
use mainstay_runtime::{
    context,
    metrics::{Registry, TextFormat, registry},
    propagate,
    trace::{SpanKind, SpanRecord, Status, tracer},
};
use mainstay_testkit::Spans;
use tower::ServiceExt;

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn request(path: &str) -> Request<Body> {
    Request::builder().uri(path).header("host", "shop.example:8080").body(Body::empty()).unwrap()
}

fn asked(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = request(path);
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, value.parse().unwrap());
    }
    request
}

fn text(record: &SpanRecord, key: &str) -> Option<String> {
    record.attribute(key).map(ToString::to_string)
}

fn header<'r>(response: &'r Response<Body>, name: &str) -> &'r str {
    response.headers()[name].to_str().unwrap()
}

/// The lines of the metrics that have all of these parts.
fn series(parts: &[&str]) -> Vec<String> {
    let all = registry().encode(TextFormat::Prometheus);
    all.lines().filter(|line| parts.iter().all(|part| line.contains(part))).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_request_has_a_span_of_its_route_below_the_one_that_asked() {
    let spans = Spans::record();
    let app = Router::new()
        .route("/a/{id}", get(|| async { tracer("test").span("a.inside").in_scope(|| "done") }))
        .layer(observe());
    let asked = asked("/a/7?token=secret", &[("traceparent", PARENT), ("user-agent", "me/1")]);
    let response = app.oneshot(asked).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);

    let span = spans.one("GET /a/{id}");
    assert_eq!(span.kind, SpanKind::Server);
    assert_eq!(span.context.trace_id.to_string(), &PARENT[3..35]);
    assert_eq!(span.parent.map(|id| id.to_string()).as_deref(), Some(&PARENT[36..52]));
    assert!(span.parent_is_remote);
    assert_eq!(span.status, Status::Unset);
    let mut attributes: Vec<_> =
        span.attributes.iter().map(|attribute| format!("{}={}", attribute.key, attribute.value)).collect();
    attributes.sort();
    assert_eq!(
        attributes,
        [
            "http.request.method=GET",
            "http.response.status_code=200",
            "http.route=/a/{id}",
            "network.protocol.version=1.1",
            "server.address=shop.example",
            "server.port=8080",
            "url.path=/a/7",
            "url.scheme=http",
            "user_agent.original=me/1",
        ]
    );
    assert_eq!(spans.one("a.inside").parent, Some(span.context.span_id));
}

#[tokio::test]
async fn what_runs_for_a_request_has_its_ids_and_they_go_back() {
    let app = Router::new()
        .route("/b", get(|| async { context::correlation_id().unwrap().to_string() }))
        .route("/b/own", get(|| async { [("x-request-id", "mine")].into_response() }))
        .layer(observe());
    let response = app.clone().oneshot(asked("/b", &[("x-correlation-id", "order-7")])).await.unwrap();
    assert_eq!(header(&response, "x-correlation-id"), "order-7");
    assert_eq!(header(&response, "x-request-id").len(), 36);
    let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
    assert_eq!(body, "order-7");

    let response = app.clone().oneshot(request("/b/own")).await.unwrap();
    assert_eq!(header(&response, "x-request-id"), "mine");
    let response = app.oneshot(asked("/b", &[("x-correlation-id", "no <id>")])).await.unwrap();
    assert_ne!(header(&response, "x-correlation-id"), "no <id>");
    assert!(context::current().is_none());
}

#[tokio::test]
async fn an_error_of_the_server_is_the_spans_and_one_of_the_client_is_not() {
    let spans = Spans::record();
    let app = Router::new()
        .route("/c/500", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/c/404", get(|| async { StatusCode::NOT_FOUND }))
        .layer(observe());
    app.clone().oneshot(request("/c/500")).await.unwrap();
    app.oneshot(request("/c/404")).await.unwrap();
    let failed = spans.one("GET /c/500");
    assert_eq!(
        (failed.status.clone(), text(&failed, "error.type")),
        (Status::Error("".into()), Some("500".into()))
    );
    let missing = spans.one("GET /c/404");
    assert_eq!((missing.status.clone(), text(&missing, "error.type")), (Status::Unset, None));
    assert_eq!(series(&["_count", "http_route=\"/c/500\"", "error_type=\"500\""]).len(), 1);
    assert!(series(&["http_route=\"/c/404\"", "error_type"]).is_empty());
}

#[tokio::test]
async fn a_request_that_is_given_up_is_cancelled_and_no_longer_active() {
    let spans = Spans::record();
    let active = || series(&["http_server_active_requests{http_request_method=\"PATCH\""]);
    let app = Router::new()
        .route("/d", axum::routing::patch(|| async { std::future::pending::<()>().await }))
        .layer(observe());
    let mut patch = request("/d");
    *patch.method_mut() = http::Method::PATCH;
    {
        let mut call = pin!(app.oneshot(patch));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(call.as_mut().poll(&mut cx).is_pending());
        assert!(active()[0].ends_with(" 1"), "{:?}", active());
    }
    assert!(active()[0].ends_with(" 0"), "{:?}", active());
    let span = spans.one("PATCH /d");
    assert_eq!(text(&span, "error.type").as_deref(), Some("cancelled"));
    assert_eq!(series(&["_count", "http_route=\"/d\"", "error_type=\"cancelled\""]).len(), 1);
}

#[tokio::test]
async fn a_handler_that_panics_is_told_apart() {
    let spans = Spans::record();
    #[allow(unreachable_code)]
    async fn bad() {
        panic!("bad");
    }
    let app = Router::new().route("/e", get(bad)).layer(observe());
    {
        let mut call = pin!(app.oneshot(request("/e")));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(&mut cx))).is_err());
    }
    assert_eq!(text(&spans.one("GET /e"), "error.type").as_deref(), Some("panic"));
    assert_eq!(series(&["_count", "http_route=\"/e\"", "error_type=\"panic\""]).len(), 1);
    assert!(context::current().is_none());
}

#[tokio::test]
async fn requests_are_counted_by_the_names_of_earlier_services_where_that_is_asked_for() {
    let own = Registry::new();
    let metrics = HttpMetrics::compatible(&own, "prophet").unwrap();
    let app = Router::new()
        .route("/i/{id}", get(|| async { StatusCode::CREATED }))
        .route("/i/wait", get(|| async { std::future::pending::<()>().await }))
        .layer(observe().metrics(metrics));
    app.clone().oneshot(request("/i/7")).await.unwrap();
    {
        let mut call = pin!(app.oneshot(request("/i/wait")));
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert!(own.encode(TextFormat::Prometheus).contains("http_requests_in_progress 1\n"));
    }
    let text = own.encode(TextFormat::Prometheus);
    for line in [
        "http_requests_total{method=\"GET\",endpoint=\"/i/{id}\",status=\"201\"} 1\n",
        "prophet_requests_total{endpoint=\"/i/{id}\",status=\"201\"} 1\n",
        "\nrequests_total 1\n",
        "http_requests_in_progress 0\n",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    assert!(series(&["http_route=\"/i/"]).is_empty());
}

#[tokio::test]
async fn a_stranger_decides_neither_sampling_nor_baggage() {
    let spans = Spans::record();
    let app = Router::new()
        .route("/f", get(|| async { context::current().unwrap().baggage().len().to_string() }))
        .layer(observe().trust(false));
    let headers = [("traceparent", PARENT), ("baggage", "a=1"), ("x-correlation-id", "order-7")];
    let response = app.oneshot(asked("/f", &headers)).await.unwrap();
    assert_eq!(header(&response, "x-correlation-id"), "order-7");
    assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), "0");
    let span = spans.one("GET /f");
    assert_eq!(span.parent, None);
    assert_eq!(span.links.len(), 1);
    assert_ne!(span.context.trace_id.to_string(), &PARENT[3..35]);
}

#[tokio::test]
async fn without_an_exporter_the_trace_is_passed_on_all_the_same() {
    let _none = Spans::none();
    let sent = || async {
        let headers = propagate::propagate_trace_context();
        headers
            .into_iter()
            .find(|(name, _)| name == "traceparent")
            .map(|(_, value)| value)
            .unwrap_or_default()
    };
    let app = Router::new().route("/g", get(sent)).layer(observe());
    let response = app.oneshot(asked("/g", &[("traceparent", PARENT)])).await.unwrap();
    assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), PARENT);
}

#[tokio::test]
async fn what_no_route_takes_makes_no_series_of_its_path() {
    let spans = Spans::record();
    let app = tower::ServiceBuilder::new()
        .layer(observe())
        .service(Router::<()>::new().route("/", get(|| async {})));
    let mut odd = request("/h/what/ever");
    *odd.method_mut() = http::Method::from_bytes(b"ODD").unwrap();
    assert_eq!(app.oneshot(odd).await.unwrap().status(), StatusCode::NOT_FOUND);
    let span = spans.one("_OTHER");
    assert_eq!(text(&span, "http.request.method_original").as_deref(), Some("ODD"));
    assert!(series(&["what/ever"]).is_empty());
    assert_eq!(series(&["_count", "http_request_method=\"_OTHER\"", "404"]).len(), 1);
}

#[test]
fn a_service_is_ready_when_the_one_inside_is() {
    let inner = |_: Request<Body>| async { Ok::<_, std::convert::Infallible>(Response::new(Body::empty())) };
    let mut service = tower_layer::Layer::layer(&observe(), tower::service_fn(inner));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(matches!(tower::Service::poll_ready(&mut service, &mut cx), Poll::Ready(Ok(()))));
}
