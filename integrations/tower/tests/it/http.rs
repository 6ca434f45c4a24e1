//! Behind a router of axum, and before a client of hyper, over real sockets.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
};

use axum::{
    BoxError, Router,
    body::Body,
    error_handling::HandleErrorLayer,
    http::{Request, Response, StatusCode},
    routing::get,
};
use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use mainstay::{
    Class, Kind,
    bulkhead::Bulkhead,
    circuit_breaker::CircuitBreaker,
    rate_limit::{Rate, RateLimiter},
    retry::Retry,
    tower::*,
};
use tokio::{net::TcpListener, sync::Notify};
use tower::{Service, ServiceBuilder, ServiceExt};

use crate::support::{SECOND, name};

async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}/")
}

/// What a refusal is to a client.
async fn told(error: BoxError) -> (StatusCode, String) {
    let status = match error.downcast_ref::<mainstay::Error>().map(mainstay::Error::kind) {
        Some(Kind::RateLimited) => StatusCode::TOO_MANY_REQUESTS,
        Some(Kind::BulkheadFull) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, error.to_string())
}

type Http = Client<hyper_util::client::legacy::connect::HttpConnector, Empty<Bytes>>;

fn client() -> Http {
    Client::builder(TokioExecutor::new()).build_http()
}

fn request(uri: &str) -> Request<Empty<Bytes>> {
    Request::get(uri).body(Empty::new()).unwrap()
}

#[tokio::test]
async fn a_router_stands_behind_a_rate_limit() {
    let limiter = RateLimiter::builder(Rate::per_hour(2)).burst(2).register(name("http")).unwrap();
    let app = Router::new().route("/", get(|| async { "here" })).layer(
        ServiceBuilder::new()
            .layer(HandleErrorLayer::new(told))
            .layer(RateLimitLayer::of(limiter))
            .map_err(BoxError::from),
    );
    let uri = serve(app).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(client().request(request(&uri)).await.unwrap().status().as_u16());
    }
    assert_eq!((seen, limiter.rejected_count()), (vec![200, 200, 429], 1));
}

#[tokio::test]
async fn requests_that_find_no_place_are_answered_at_once() {
    let bulkhead = Bulkhead::builder(1).register(name("http")).unwrap();
    let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let handler = {
        let (entered, leave) = (Arc::clone(&entered), Arc::clone(&leave));
        move || async move {
            entered.notify_one();
            leave.notified().await;
            "done"
        }
    };
    let app = Router::new().route("/", get(handler)).layer(
        ServiceBuilder::new()
            .layer(HandleErrorLayer::new(told))
            .layer(BulkheadLayer::of(bulkhead))
            .map_err(BoxError::from),
    );
    let uri = serve(app).await;
    let first = tokio::spawn(client().request(request(&uri)));
    entered.notified().await;
    assert_eq!(client().request(request(&uri)).await.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    leave.notify_one();
    assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::OK);
    let after = tokio::spawn(client().request(request(&uri)));
    leave.notify_one();
    assert_eq!(after.await.unwrap().unwrap().status(), StatusCode::OK);
    assert_eq!(bulkhead.in_flight(), 0);
}

#[tokio::test]
async fn a_client_tries_again_and_stops_when_the_server_is_down_for_good() {
    let calls = Arc::new(AtomicU64::new(0));
    let handler = {
        let calls = Arc::clone(&calls);
        move || async move {
            match calls.fetch_add(1, SeqCst) {
                0 => (StatusCode::SERVICE_UNAVAILABLE, "not yet"),
                1 => (StatusCode::OK, "here"),
                _ => (StatusCode::SERVICE_UNAVAILABLE, "gone"),
            }
        }
    };
    let uri = serve(Router::new().route("/", get(handler))).await;
    let breaker =
        CircuitBreaker::builder().failure_threshold(2).timeout(3600 * SECOND).register(name("http")).unwrap();
    let retry = Retry::builder().max_attempts(5).initial_delay(SECOND / 1000).register(name("http")).unwrap();
    // What the status says, and then what the error does.
    let class = |answer: &Result<Response<Incoming>, BoxError>| match answer {
        Ok(response) => response.status().is_server_error().then_some(Class::Transient),
        Err(error) => Some(mainstay::Classify::classify(error)),
    };
    let mut http = ServiceBuilder::new()
        .layer(RetryLayer::of(retry).class_by(class))
        .layer(CircuitBreakerLayer::of(breaker).class_by(class))
        .map_err(BoxError::from)
        .service(client());
    let answer = http.ready().await.unwrap().call(request(&uri)).await.unwrap();
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "here");
    let refused = http.ready().await.unwrap().call(request(&uri)).await.unwrap_err();
    assert_eq!(refused.downcast_ref::<mainstay::Error>().unwrap().kind(), Kind::CircuitOpen);
    assert_eq!(calls.load(SeqCst), 4);
}

#[tokio::test]
async fn a_layer_stands_around_a_handler_that_cannot_fail() {
    let handler = tower::service_fn(|_: Request<Body>| async {
        Ok::<_, Infallible>(Response::new(Body::from("here")))
    });
    let breaker = CircuitBreaker::builder().register(name("http")).unwrap();
    let service = ServiceBuilder::new()
        .layer(CircuitBreakerLayer::of(breaker))
        .map_err(BoxError::from)
        .service(handler);
    let answer = service.oneshot(Request::new(Body::empty())).await.unwrap();
    assert_eq!((answer.status(), breaker.success_count()), (StatusCode::OK, 1));
}
