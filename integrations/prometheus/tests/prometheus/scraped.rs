//! What Prometheus itself reads off the server.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use mainstay::{metered, metered::slo_rules};
use mainstay_prometheus::MetricsServer;
use mainstay_runtime::metrics::increment_counter;
use mainstay_testkit::servers::PrometheusServer;
use serde_json::Value;

use crate::support::get;

#[metered("scraped.work", slo(ok = 99.9))]
fn work(ok: bool) -> Result<(), mainstay::Error> {
    if ok { Ok(()) } else { Err(mainstay::Error::timed_out("elsewhere", Duration::ZERO)) }
}

/// Asks until the answer is `done`: Prometheus scrapes when it likes.
#[track_caller]
fn wait_for(address: SocketAddr, path: &str, done: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let answer = get(address, path);
        let answer: Value = serde_json::from_slice(&unchunked(&answer)).unwrap_or_default();
        if done(&answer) {
            return answer;
        }
        assert!(Instant::now() < end, "{path} still says {answer:#}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Prometheus sends longer answers in chunks.
fn unchunked(answer: &crate::support::Answer) -> Vec<u8> {
    if answer.header("transfer-encoding") != "chunked" {
        return answer.body.clone();
    }
    let (mut rest, mut whole) = (&answer.body[..], Vec::new());
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        whole.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 2 + length + 2..];
    }
    whole
}

fn value(answer: &Value) -> Option<&str> {
    answer["data"]["result"][0]["value"][1].as_str()
}

#[test]
fn prometheus_scrapes_the_server_and_follows_the_rules() {
    let serving = MetricsServer::new().host([127, 0, 0, 1]).port(0).start_in_background().unwrap();
    (0..9).for_each(|_| work(true).unwrap());
    work(false).unwrap_err();
    increment_counter("scraped.requests", &[("path", "/a b\"c\"")]);
    let prometheus =
        PrometheusServer::scraping(serving.address().to_string()).rules(slo_rules()).start().unwrap();
    let address = prometheus.address().parse().unwrap();

    wait_for(address, "/api/v1/query?query=up", |answer| value(answer) == Some("1"));
    let calls =
        "/api/v1/query?query=mainstay_function_calls_total%7Bfunction=%22scraped.work%22,outcome=%22ok%22%7D";
    wait_for(address, calls, |answer| value(answer) == Some("9"));
    let errors = "/api/v1/query?query=mainstay_function_errors_total%7Berror_type=%22transient%22%7D";
    wait_for(address, errors, |answer| value(answer) == Some("1"));
    let count =
        "/api/v1/query?query=mainstay_function_duration_seconds_count%7Bfunction=%22scraped.work%22%7D";
    wait_for(address, count, |answer| value(answer) == Some("10"));
    let requests =
        wait_for(address, "/api/v1/query?query=scraped_requests_total", |answer| value(answer) == Some("1"));
    assert_eq!(requests["data"]["result"][0]["metric"]["path"], "/a b\"c\"");

    // It asked for OpenMetrics, and knows the kinds.
    let kinds =
        wait_for(address, "/api/v1/targets/metadata?metric=mainstay_function_duration_seconds", |answer| {
            answer["data"][0]["type"] == "histogram"
        });
    assert_eq!(kinds["data"][0]["unit"], "seconds");

    // The rules are loaded and evaluated without an error.
    let rules = wait_for(address, "/api/v1/rules", |answer| {
        let groups = answer["data"]["groups"].as_array();
        groups.is_some_and(|groups| {
            let mut rules = groups.iter().flat_map(|group| group["rules"].as_array().into_iter().flatten());
            !groups.is_empty() && rules.all(|rule| rule["health"] == "ok")
        })
    });
    assert!(rules.to_string().contains("MainstayErrorBudgetBurn"));
    serving.stop();
}
