//! The store and a connection of one's own as health checks, while their server goes and comes back.

use std::time::Duration;

use mainstay_redis::{RedisHealthCheck, RedisStore};
use mainstay_runtime::health::{CheckOptions, HealthChecker, HealthStatus, Probe};
use mainstay_testkit::servers::RedisServer;

use crate::at_hand::{Client, store_on};

const FRESH: CheckOptions = CheckOptions::new().cache(Duration::ZERO).timeout(Duration::from_millis(75));

/// Asks until the check of that name says so, and gives the reason.
async fn until(checker: &HealthChecker, name: &str, status: HealthStatus) -> Option<String> {
    loop {
        let report = checker.report_async(Probe::Ready).await;
        if report.status_of(name) == Some(status) {
            return report.reason(name).map(str::to_owned);
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn readiness_goes_and_comes_back_with_the_server() {
    let mut server = RedisServer::start().unwrap();
    let checker = HealthChecker::new("shop");
    checker.add_with("redis", FRESH, store_on(&server, "app")).unwrap();
    until(&checker, "redis", HealthStatus::Healthy).await;
    server.kill();
    let reason = until(&checker, "redis", HealthStatus::Unhealthy).await.unwrap();
    assert!(reason.contains("redis at ") || reason.contains("75ms"), "{reason}");
    assert_eq!(
        checker.report_async(Probe::Live).await.status,
        HealthStatus::Healthy,
        "no reason to start anew"
    );
    server.restart().unwrap();
    until(&checker, "redis", HealthStatus::Healthy).await;
}

#[tokio::test]
async fn a_server_that_hangs_is_told_of_within_the_checks_limit_and_holds_no_other_up() {
    let server = RedisServer::start().unwrap();
    let other = RedisServer::start().unwrap();
    let checker = HealthChecker::new("shop");
    checker.add_with("hanging", FRESH, store_on(&server, "app")).unwrap();
    checker.add_with("other", FRESH, store_on(&other, "app")).unwrap();
    until(&checker, "hanging", HealthStatus::Healthy).await;
    server.pause().unwrap();
    let reason = until(&checker, "hanging", HealthStatus::Unhealthy).await.unwrap();
    assert_eq!(reason, "did not answer within 75ms");
    until(&checker, "other", HealthStatus::Healthy).await;
    server.resume().unwrap();
    until(&checker, "hanging", HealthStatus::Healthy).await;
}

#[tokio::test]
async fn a_connection_of_ones_own_is_asked_too() {
    let mut server = RedisServer::start().unwrap();
    let checker = HealthChecker::new("shop");
    let connection = Client::of(&server).await.0;
    checker.add_check(RedisHealthCheck::new(connection.clone()));
    assert_eq!(checker.names(), ["redis"]);
    checker.add_with("fresh", FRESH, RedisHealthCheck::new(connection)).unwrap();
    until(&checker, "fresh", HealthStatus::Healthy).await;
    server.kill();
    assert!(until(&checker, "fresh", HealthStatus::Unhealthy).await.is_some());
}

#[tokio::test]
async fn no_password_is_shown() {
    let store = RedisStore::builder("redis://ann:s3cret@127.0.0.1:1").build().unwrap();
    let checker = HealthChecker::new("shop");
    checker.add_with("redis", FRESH, store).unwrap();
    until(&checker, "redis", HealthStatus::Unhealthy).await;
    assert!(!checker.report_async(Probe::Overall).await.to_json().contains("s3cret"));
}
