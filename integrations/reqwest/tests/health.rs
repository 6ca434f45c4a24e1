//! A service that this one depends on, as a health check.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use axum::{Router, http::StatusCode, routing::get};
use mainstay_reqwest::HttpHealthCheck;
use mainstay_runtime::health::{CheckOptions, CheckReport, HealthChecker, HealthStatus, Probe};
use tokio::net::TcpListener;

const FRESH: CheckOptions = CheckOptions::new().cache(Duration::ZERO).timeout(Duration::from_millis(75));

async fn until(checker: &HealthChecker, status: HealthStatus) -> CheckReport {
    loop {
        let report = checker.report_async(Probe::Ready).await;
        match report.check("taxes") {
            Some(check) if check.status == status => return check.clone(),
            _ => tokio::task::yield_now().await,
        }
    }
}

#[tokio::test]
async fn it_is_as_healthy_as_the_service_says_and_not_when_that_is_gone() {
    let answer = Arc::new(AtomicU16::new(200));
    let given = Arc::clone(&answer);
    let app = Router::new().route(
        "/health/ready",
        get(move || async move { StatusCode::from_u16(given.load(Ordering::SeqCst)).unwrap() }),
    );
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/health/ready?token=s3cret", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, app).await });

    let checker = HealthChecker::new("shop");
    // A connection for each question, so that the server can go.
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let check = HttpHealthCheck::new(client, url.parse().unwrap());
    checker.add_with("taxes", FRESH, check.clone()).unwrap();
    until(&checker, HealthStatus::Healthy).await;
    answer.store(503, Ordering::SeqCst);
    let down = until(&checker, HealthStatus::Unhealthy).await;
    // A machine that is slow for a moment is no service that is down.
    if down.reason.as_deref() != Some("did not answer within 75ms") {
        assert_eq!(down.reason.as_deref(), Some("answered 503 Service Unavailable"));
        assert_eq!(down.data[0].1.to_string(), "503");
    }
    assert!(checker.remove("taxes"));
    checker.add_with("taxes", FRESH, check.expect(StatusCode::SERVICE_UNAVAILABLE)).unwrap();
    until(&checker, HealthStatus::Healthy).await;
    server.abort();
    let gone = until(&checker, HealthStatus::Unhealthy).await;
    assert!(!gone.reason.unwrap().contains("s3cret"));
}
