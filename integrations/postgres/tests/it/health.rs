//! The store and a pool of one's own as health checks, while their server goes and comes back.

use std::time::Duration;

use mainstay_postgres::DatabaseHealthCheck;
use mainstay_runtime::health::{CheckOptions, CheckReport, HealthChecker, HealthStatus, Probe};
use mainstay_testkit::servers::PostgresServer;
use sqlx::{PgPool, postgres::PgPoolOptions};

const FRESH: CheckOptions = CheckOptions::new().cache(Duration::ZERO).timeout(Duration::from_millis(75));

/// Asks until the check of that name says so.
async fn until(checker: &HealthChecker, name: &str, status: HealthStatus) -> CheckReport {
    loop {
        let report = checker.report_async(Probe::Ready).await;
        match report.check(name) {
            Some(check) if check.status == status => return check.clone(),
            _ => tokio::task::yield_now().await,
        }
    }
}

fn figure(check: &CheckReport, key: &str) -> String {
    check.data.iter().find(|(known, _)| known == key).map(|(_, value)| value.to_string()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readiness_goes_and_comes_back_with_the_server_for_a_store_and_a_pool() {
    let mut server = PostgresServer::start().unwrap();
    let store = crate::common::patient().connect(&server.url()).await.unwrap();
    store.migrate().await.unwrap();
    let options = PgPoolOptions::new().max_connections(7).acquire_timeout(Duration::from_secs(60));
    let pool: PgPool = options.connect(&server.url()).await.unwrap();
    let checker = HealthChecker::new("shop");
    checker.add_with("postgres", FRESH, store).unwrap();
    checker.add_with("database", FRESH, DatabaseHealthCheck::new(pool)).unwrap();

    let well = until(&checker, "postgres", HealthStatus::Healthy).await;
    assert!(!figure(&well, "connections").is_empty() && !figure(&well, "idle").is_empty());
    let well = until(&checker, "database", HealthStatus::Healthy).await;
    assert_eq!(figure(&well, "max_connections"), "7");
    assert!(figure(&well, "connections").parse::<u32>().unwrap() >= 1);

    server.kill();
    for name in ["postgres", "database"] {
        assert!(until(&checker, name, HealthStatus::Unhealthy).await.reason.is_some());
    }
    assert_eq!(
        checker.report_async(Probe::Live).await.status,
        HealthStatus::Healthy,
        "no reason to start anew"
    );
    server.restart().unwrap();
    for name in ["postgres", "database"] {
        until(&checker, name, HealthStatus::Healthy).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_none_of_whose_connections_is_free_does_not_answer_in_time() {
    let server = PostgresServer::start().unwrap();
    let pool = PgPoolOptions::new().max_connections(1).connect(&server.url()).await.unwrap();
    let checker = HealthChecker::new("shop");
    checker.add_with("database", FRESH, DatabaseHealthCheck::new(pool.clone())).unwrap();
    until(&checker, "database", HealthStatus::Healthy).await;
    let held = pool.acquire().await.unwrap();
    let busy = until(&checker, "database", HealthStatus::Unhealthy).await;
    assert_eq!(busy.reason.as_deref(), Some("did not answer within 75ms"));
    drop(held);
    until(&checker, "database", HealthStatus::Healthy).await;
}
