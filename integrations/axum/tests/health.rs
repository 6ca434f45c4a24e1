//! Health as routes of one's own.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use axum::{Router, body::Body};
use http::{Request, Response};
use mainstay_axum::create_health_router;
use mainstay_runtime::{
    clock::ManualClock,
    health::{Health, HealthChecker, from_fn},
};
use tower::ServiceExt;

async fn ask(app: &Router, method: &str, path: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    app.clone().oneshot(request).await.unwrap()
}

#[tokio::test]
async fn the_routes_stand_where_they_are_mounted_and_answer_as_the_server_does() {
    // However slow the machine is, no check has taken too long.
    let _still = ManualClock::new().install();
    let checker = HealthChecker::new("shop");
    checker.add_as("queue", from_fn(|| async { Health::degraded("long") }));
    let app: Router = Router::new().nest("/api/v1", create_health_router(checker.clone()));
    let answer = ask(&app, "GET", "/api/v1/health").await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["cache-control"]),
        (200, &"no-store".parse().unwrap())
    );
    let body = axum::body::to_bytes(answer.into_body(), 4096).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(text.starts_with(r#"{"status":"degraded","timestamp":"2"#), "{text}");
    assert!(text.contains(r#""checks":{"queue":"degraded"}"#), "{text}");

    assert_eq!(ask(&app, "HEAD", "/api/v1/health/live").await.status(), 200);
    assert_eq!(ask(&app, "POST", "/api/v1/health").await.status(), 405);
    checker.add_as("database", from_fn(|| async { false }));
    assert_eq!(ask(&app, "GET", "/api/v1/health/ready").await.status(), 503);
    assert_eq!(ask(&app, "GET", "/api/v1/health/live").await.status(), 200);
}
