//! Requests that go out over real sockets, to a server whose requests are observed too.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use mainstay_reqwest::{Observe, Template};
use mainstay_runtime::{
    context::{Context, InContextExt},
    metrics::{TextFormat, registry},
    propagate::{self, Baggage},
    trace::{SpanKind, SpanRecord, Status, tracer},
};
use mainstay_testkit::Spans;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use tokio::net::{TcpListener, TcpSocket};

fn client() -> ClientWithMiddleware {
    ClientBuilder::new(reqwest::Client::new()).with(Observe).build()
}

fn text(record: &SpanRecord, key: &str) -> Option<String> {
    record.attribute(key).map(ToString::to_string)
}

/// Serves on a port of its own until the test's runtime ends.
async fn serve(app: Router) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

#[tokio::test]
async fn a_request_takes_the_span_the_ids_and_the_baggage_along() {
    let spans = Spans::record();
    let seen = Arc::new(Mutex::new(HeaderMap::new()));
    let keep = Arc::clone(&seen);
    let url = serve(Router::new().route(
        "/orders/{id}",
        get(move |headers: HeaderMap| async move { *keep.lock().unwrap() = headers }),
    ))
    .await;

    let context =
        Context::correlated("order-7".parse().unwrap()).with_baggage(Baggage::new().with("tenant", "acme"));
    let outer = tracer("test").span("a.outer").start();
    let outer_id = outer.context().unwrap().span_id;
    let sent =
        client().get(format!("{url}/orders/7?token=secret")).with_extension(Template("/orders/{id}")).send();
    let response = outer.instrument(sent).in_context(context.clone()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);

    let span = spans.one("GET /orders/{id}");
    assert_eq!((span.kind, span.parent), (SpanKind::Client, Some(outer_id)));
    assert_eq!(text(&span, "url.full"), Some(format!("{url}/orders/7")));
    assert_eq!(text(&span, "server.address").as_deref(), Some("127.0.0.1"));
    assert_eq!(text(&span, "http.response.status_code").as_deref(), Some("200"));
    assert_eq!(span.status, Status::Unset);

    let seen = seen.lock().unwrap();
    assert_eq!(seen["traceparent"], span.context.to_traceparent().to_string());
    assert_eq!(seen["x-correlation-id"], "order-7");
    assert_eq!(seen["x-request-id"], context.request_id().as_str());
    assert_eq!(seen["baggage"], "tenant=acme");
}

#[tokio::test]
async fn one_trace_goes_through_two_services() {
    let spans = Spans::record();
    let behind =
        serve(Router::new().route("/behind", get(|| async { "done" })).layer(mainstay_axum::observe())).await;
    let call = move || {
        let url = format!("{behind}/behind");
        async move {
            client().get(url).with_extension(Template("/behind")).send().await.unwrap().text().await.unwrap()
        }
    };
    let front = serve(Router::new().route("/front", get(call)).layer(mainstay_axum::observe())).await;

    let response = reqwest::Client::new()
        .get(format!("{front}/front"))
        .header("x-request-id", "r-1")
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["x-request-id"], "r-1");
    assert_eq!(response.text().await.unwrap(), "done");

    let front = spans.one("GET /front");
    let [asked, answered] = {
        let mut both: Vec<_> = spans.ended().into_iter().filter(|span| span.name == "GET /behind").collect();
        both.sort_by_key(|span| span.kind != SpanKind::Client);
        <[SpanRecord; 2]>::try_from(both).unwrap()
    };
    assert_eq!(asked.parent, Some(front.context.span_id));
    assert_eq!((answered.parent, answered.kind), (Some(asked.context.span_id), SpanKind::Server));
    assert_eq!(answered.context.trace_id, front.context.trace_id);
}

#[tokio::test]
async fn a_request_that_fails_says_why() {
    let spans = Spans::record();
    let url = serve(Router::new().route("/b", get(|| async { StatusCode::NOT_FOUND }))).await;
    client().get(format!("{url}/b")).with_extension(Template("/b/404")).send().await.unwrap();
    let missing = spans.one("GET /b/404");
    assert_eq!(
        (missing.status.clone(), text(&missing, "error.type")),
        (Status::Error("".into()), Some("404".into()))
    );

    // A port on which nobody listens, and on which nobody else can begin to.
    let bound = TcpSocket::new_v4().unwrap();
    bound.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let port = bound.local_addr().unwrap().port();
    let sent = client().get(format!("http://127.0.0.1:{port}/")).with_extension(Template("/b/nobody")).send();
    assert!(sent.await.is_err());
    assert_eq!(text(&spans.one("GET /b/nobody"), "error.type").as_deref(), Some("connect"));

    let metrics = registry().encode(TextFormat::Prometheus);
    let line = metrics
        .lines()
        .find(|line| line.contains("_count") && line.contains(&format!("server_port=\"{port}\"")));
    assert!(
        line.is_some_and(|line| line.contains("error_type=\"connect\"") && line.ends_with(" 1")),
        "{metrics}"
    );
}

#[tokio::test]
async fn credentials_are_not_shown() {
    let spans = Spans::record();
    let url =
        serve(Router::new().route("/c", get(|| async {}))).await.replace("http://", "http://me:secret@");
    client().get(format!("{url}/c?key=secret#secret")).with_extension(Template("/c")).send().await.unwrap();
    assert!(!format!("{:?}", spans.one("GET /c")).contains("secret"));
}

#[tokio::test]
async fn without_anything_current_nothing_is_added() {
    let _none = Spans::none();
    let url =
        serve(Router::new().route("/d", get(|headers: HeaderMap| async move { headers.len().to_string() })))
            .await;
    let plain = reqwest::Client::new().get(format!("{url}/d")).send().await.unwrap().text().await.unwrap();
    let observed = client().get(format!("{url}/d")).send().await.unwrap().text().await.unwrap();
    assert_eq!(plain, observed);
    assert!(propagate::propagate_trace_context().is_empty());
}
