use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use mainstay_ops::{HealthServer, OpsServer};
use mainstay_runtime::health::{CheckOptions, Health, HealthChecker, from_fn};

use crate::support::{Answer, get, request, until};

/// Asks until the checks have said that. On a machine that is too slow for the patience of a report, the next one is told.
fn answer_with(ask: impl Fn() -> Answer, checks: &[(&str, &str)]) -> Answer {
    until("the checks' answers", || {
        let answer = ask();
        let json = answer.json();
        checks.iter().all(|(check, status)| json["checks"][check] == *status).then_some(answer)
    })
}

fn server(checker: &HealthChecker) -> OpsServer {
    OpsServer::new().host([127, 0, 0, 1]).port(0).checks(checker.clone())
}

#[test]
fn each_probe_is_200_or_503_and_says_why() {
    static UP: AtomicBool = AtomicBool::new(true);
    let checker = HealthChecker::new("shop");
    checker.add_as("cache", from_fn(|| async { Health::degraded("warming up") }));
    let database = from_fn(|| async {
        if UP.load(Ordering::SeqCst) { Health::healthy() } else { Health::unhealthy("no answer") }
    });
    checker.add_with("database", CheckOptions::new().cache(Duration::ZERO), database).unwrap();
    let serving = server(&checker).start_in_background().unwrap();
    let ask = |path: &str| get(serving.address(), path);

    let all = answer_with(|| ask("/health"), &[("cache", "degraded"), ("database", "healthy")]);
    assert_eq!(
        (all.status, all.header("content-type"), all.header("cache-control")),
        (200, "application/json", "no-store")
    );
    let json = all.json();
    assert_eq!((&json["status"], &json["checks"]["cache"]), (&"degraded".into(), &"degraded".into()));
    assert_eq!(json["details"]["cache"]["reason"], "warming up");
    assert_eq!(json["checks"]["database"], "healthy");
    assert!(json["timestamp"].as_str().unwrap().ends_with('Z'));
    answer_with(|| ask("/health/ready"), &[("cache", "degraded"), ("database", "healthy")]);

    UP.store(false, Ordering::SeqCst);
    assert_eq!((ask("/health").status, ask("/health/ready").status), (503, 503));
    // What is down is no reason to start the process anew, and what has started stays so.
    assert_eq!(ask("/health/live").status, 200);
    assert_eq!(ask("/health/").json()["checks"]["database"], "unhealthy");
    for (path, status) in [("/health/live", 200), ("/health/ready", 503), ("/health/started", 200)] {
        for path in [path.to_owned(), format!("{path}/")] {
            assert_eq!(ask(&path).status, status, "{path}");
        }
    }
    serving.stop();
}

#[test]
fn head_is_answered_without_a_body_and_other_methods_are_told_what_there_is() {
    let serving = server(&HealthChecker::new("shop")).start_in_background().unwrap();
    let head = request(serving.address(), "HEAD /health/ready", "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert!(head.header("content-length").parse::<usize>().unwrap() > 10);
    let posted = request(serving.address(), "POST /health", "Content-Length: 0\r\n");
    assert_eq!((posted.status, posted.header("allow")), (405, "GET, HEAD"));
    // Balancers ask under names of their own.
    assert_eq!(request(serving.address(), "GET /health/live", "Host: shop.example.com\r\n").status, 200);
    serving.stop();
}

#[test]
fn readiness_goes_at_once_and_comes_back() {
    let checker = HealthChecker::new("shop");
    let serving = server(&checker).start_in_background().unwrap();
    let ready = || get(serving.address(), "/health/ready").status;
    assert_eq!(ready(), 200);
    let closed = checker.not_ready("shutting down");
    let said = get(serving.address(), "/health/ready");
    assert_eq!((said.status, get(serving.address(), "/health/live").status), (503, 200));
    assert!(said.text().contains("shutting down"), "{}", said.text());
    drop(closed);
    assert_eq!(ready(), 200);
    serving.stop();
}

#[test]
fn microprofiles_form_is_given_where_it_is_asked_for() {
    let checker = HealthChecker::new("shop");
    checker.add_as("database", from_fn(|| async { false }));
    let serving = server(&checker).microprofile().start_in_background().unwrap();
    let answer = get(serving.address(), "/health");
    assert_eq!(answer.status, 503);
    let json = answer.json();
    assert_eq!((&json["status"], &json["checks"][0]["name"]), (&"DOWN".into(), &"database".into()));
    serving.stop();
}

#[test]
fn a_health_server_answers_health_and_nothing_else() {
    let checker = HealthChecker::new("shop");
    checker.add_with("disk", CheckOptions::new().live(), from_fn(|| async { true })).unwrap();
    let serving = HealthServer::of(checker).host([127, 0, 0, 1]).port(0).start_in_background().unwrap();
    answer_with(|| get(serving.address(), "/health"), &[("disk", "healthy")]);
    assert_eq!(get(serving.address(), "/health/started").status, 200);
    let elsewhere = get(serving.address(), "/policies");
    assert_eq!(elsewhere.status, 404);
    assert!(elsewhere.text().starts_with("health is at /health, "));
    serving.stop();
}

#[test]
fn a_health_server_for_a_check_asks_it_with_those_of_the_program() {
    struct Ledger;
    impl mainstay_runtime::health::HealthCheck for Ledger {
        async fn check(&self) -> Health {
            Health::degraded("two entries behind")
        }
    }
    let serving = HealthServer::new(Ledger).host([127, 0, 0, 1]).port(0).start_in_background().unwrap();
    let answer = answer_with(|| get(serving.address(), "/health"), &[("ledger", "degraded")]);
    assert_eq!(answer.status, 200);
    assert!(mainstay_runtime::health::checks().names().contains(&"ledger".to_owned()));
    serving.stop();
}

/// How quick it is then, `docs/reference/ops.md` tells; a test does not decide by time.
#[test]
fn it_answers_while_the_runtime_it_was_started_in_is_blocked_and_says_so() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let checker = HealthChecker::new("shop");
        let serving = server(&checker).start_in_background().unwrap();
        assert_eq!(get(serving.address(), "/health").status, 200);
        // From here on this thread, the runtime's only one, does nothing but wait.
        let told = until("the runtime's check says that it is stuck", || {
            let answer = get(serving.address(), "/health/live");
            (answer.json()["checks"]["runtime"] != "healthy").then_some(answer)
        });
        assert!(told.text().contains("runtime"), "{}", told.text());
        serving.stop();
    });
}
