use std::io::Read;

use mainstay_runtime::metrics::Registry;

use crate::support::{get, request, server_of};

fn with_one_counter() -> Registry {
    let registry = Registry::new();
    registry.counter("orders_total", "Orders.").unwrap().add(3);
    registry
}

#[test]
fn metrics_are_text_unless_openmetrics_is_asked_for() {
    let serving = server_of(with_one_counter()).start_in_background().unwrap();
    let plain = get(serving.address(), "/metrics");
    assert_eq!(
        (plain.status, plain.header("content-type")),
        (200, "text/plain; version=0.0.4; charset=utf-8")
    );
    assert_eq!(plain.text(), "# HELP orders_total Orders.\n# TYPE orders_total counter\norders_total 3\n");
    let open = request(
        serving.address(),
        "GET /metrics?name=x",
        "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n",
    );
    assert_eq!(open.header("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assert_eq!(open.text(), "# HELP orders Orders.\n# TYPE orders counter\norders_total 3\n# EOF\n");
    serving.stop();
}

#[test]
fn gzip_is_for_those_who_take_it() {
    let serving = server_of(with_one_counter()).start_in_background().unwrap();
    let zipped = request(serving.address(), "GET /metrics", "Accept-Encoding: gzip\r\n");
    assert_eq!(zipped.header("content-encoding"), "gzip");
    assert_eq!(zipped.header("content-length"), zipped.body.len().to_string());
    let mut text = String::new();
    flate2::read::GzDecoder::new(&zipped.body[..]).read_to_string(&mut text).unwrap();
    assert!(text.ends_with("orders_total 3\n"));
    assert_eq!(get(serving.address(), "/metrics").header("content-encoding"), "");
    serving.stop();
}

#[test]
fn head_has_the_length_and_no_body() {
    let serving = server_of(with_one_counter()).start_in_background().unwrap();
    let length = get(serving.address(), "/metrics").body.len();
    let head = request(serving.address(), "HEAD /metrics", "");
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, &*length.to_string(), 0));
    serving.stop();
}

#[test]
fn other_paths_and_other_methods_are_told_what_there_is() {
    let serving = server_of(with_one_counter()).start_in_background().unwrap();
    let elsewhere = get(serving.address(), "/");
    assert_eq!((elsewhere.status, elsewhere.text()), (404, "metrics are at /metrics\n"));
    let posted = request(serving.address(), "POST /metrics", "Content-Length: 0\r\n");
    assert_eq!((posted.status, posted.header("allow")), (405, "GET, HEAD"));
    serving.stop();
}
