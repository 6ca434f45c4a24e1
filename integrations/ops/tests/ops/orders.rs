use std::sync::{Arc, Mutex};

use mainstay_ops::OpsServer;
use mainstay_runtime::{
    bulkhead::BulkheadConfig,
    cached::CacheConfig,
    circuit_breaker::CircuitBreaker,
    observe::{self, Event},
};

use crate::support::{request, serve};

const MARK: &str = "X-Mainstay-Ops: 1\r\nContent-Length: 0\r\n";

#[test]
fn a_breaker_is_opened_closed_disabled_and_reset_and_listeners_hear_who_wanted_it() {
    let breaker = CircuitBreaker::builder().register("orders/a breaker").unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    let _listening = observe::listen(move |event| {
        if let Event::Ordered { policy: "orders/a breaker", kind, order, by, .. } = event {
            ears.lock().unwrap().push(format!("{kind} {order} {by}"));
        }
    });
    let serving = serve();
    for (order, phase) in [
        ("force_open", "forced_open"),
        ("enable", "closed"),
        ("disable", "disabled"),
        ("observe_only", "observe_only"),
        ("close", "closed"),
        ("reset", "closed"),
    ] {
        let line = format!("POST /policies/circuit_breaker/orders%2Fa%20breaker/{order}");
        let answer = request(serving.address(), &line, MARK);
        assert_eq!((answer.status, answer.json()["phase"].as_str()), (200, Some(phase)), "{order}");
        assert_eq!(breaker.state().as_str(), phase);
    }
    let heard = heard.lock().unwrap();
    assert_eq!((heard.len(), heard[0].as_str()), (6, "circuit_breaker force_open 127.0.0.1"));
    serving.stop();
}

#[test]
fn what_cannot_be_ordered_is_told_with_what_can() {
    BulkheadConfig::new(3).register("orders.places").unwrap();
    CacheConfig::new(std::time::Duration::from_secs(1)).register("orders.cache").unwrap();
    let serving = serve();
    let ask = |path: &str| request(serving.address(), &format!("POST /policies/{path}"), MARK);
    let opened = ask("bulkhead/orders.places/force_open");
    assert_eq!((opened.status, opened.text()), (404, "of a bulkhead can be ordered: reset\n"));
    assert_eq!(ask("bulkhead/orders.places/reset").status, 200);
    assert_eq!(ask("cached/orders.cache/reset").status, 200);
    assert_eq!(ask("circuit_breaker/nobody/reset").status, 404);
    let got = request(serving.address(), "GET /policies/bulkhead/orders.places/reset", "");
    assert_eq!((got.status, got.header("allow")), (405, "POST"));
    serving.stop();
}

#[test]
fn pages_of_other_sites_and_other_names_order_and_read_nothing() {
    let breaker = CircuitBreaker::builder().register("orders.crossed").unwrap();
    let serving = serve();
    let ask = |headers: &str| {
        request(
            serving.address(),
            "POST /policies/circuit_breaker/orders.crossed/force_open",
            &format!("{headers}Content-Length: 0\r\n"),
        )
        .status
    };
    assert_eq!(ask(""), 403, "a form can send this");
    assert_eq!(ask("X-Mainstay-Ops: 1\r\nOrigin: http://evil.example\r\n"), 403);
    assert_eq!(ask("X-Mainstay-Ops: 1\r\nSec-Fetch-Site: cross-site\r\n"), 403);
    assert_eq!(ask("X-Mainstay-Ops: 1\r\nX-Forwarded-For: 10.0.0.9\r\n"), 403);
    assert_eq!(ask("X-Mainstay-Ops: 1\r\nHost: evil.example\r\n"), 421);
    for path in ["/", "/policies", "/events"] {
        assert_eq!(
            request(serving.address(), &format!("GET {path}"), "Host: rebound.evil.example\r\n").status,
            421
        );
    }
    assert_eq!(
        request(serving.address(), "OPTIONS /policies/circuit_breaker/orders.crossed/reset", "").status,
        405
    );
    assert_eq!(breaker.state().as_str(), "closed");
    serving.stop();
}

#[test]
fn with_a_token_orders_need_it_from_everywhere() {
    let breaker = CircuitBreaker::builder().register("orders.token").unwrap();
    let serving = OpsServer::new()
        .host([127, 0, 0, 1])
        .port(0)
        .token("a long enough token")
        .start_in_background()
        .unwrap();
    let ask = |headers: &str| {
        request(
            serving.address(),
            "POST /policies/circuit_breaker/orders.token/force_open",
            &format!("{headers}Content-Length: 0\r\n"),
        )
    };
    let refused = ask("X-Mainstay-Ops: 1\r\n");
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, "Bearer realm=\"mainstay\""));
    assert_eq!(ask("Authorization: Bearer a long enough tokem\r\n").status, 401);
    assert_eq!(breaker.state().as_str(), "closed");
    assert_eq!(ask("Authorization: Bearer a long enough token\r\n").status, 200);
    assert_eq!(breaker.state().as_str(), "forced_open");
    assert_eq!(request(serving.address(), "GET /policies", "").status, 200, "reading needs none");
    serving.stop();
}
