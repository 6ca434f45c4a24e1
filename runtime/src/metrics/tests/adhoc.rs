use crate::metrics::{TextFormat, add_to_counter, increment_counter, registry, set_gauge, set_tagged_gauge};

fn lines(of: &str) -> Vec<String> {
    let text = registry().encode(TextFormat::Prometheus);
    text.lines().filter(|line| line.starts_with(of)).map(str::to_owned).collect()
}

#[test]
fn dotted_names_are_mapped_and_tags_have_no_order() {
    increment_counter("adhoc.api.requests", &[("http.method", "GET"), ("path", "/a\"b")]);
    increment_counter("adhoc.api.requests", &[("path", "/a\"b"), ("http.method", "GET")]);
    add_to_counter("adhoc.api.requests", &[], 7);
    assert_eq!(
        lines("adhoc_api_requests_total"),
        ["adhoc_api_requests_total 7", "adhoc_api_requests_total{http_method=\"GET\",path=\"/a\\\"b\"} 2"]
    );
}

#[test]
fn a_gauge_shows_what_it_was_put_to_last() {
    set_gauge("adhoc.connections", 45.0);
    set_gauge("adhoc.connections", 44.5);
    set_tagged_gauge("adhoc.connections", &[("pool", "a")], 1.0);
    assert_eq!(lines("adhoc_connections"), ["adhoc_connections 44.5", "adhoc_connections{pool=\"a\"} 1"]);
}

#[test]
fn tags_beyond_the_limit_are_counted_in_one_series() {
    for n in 0..1100 {
        increment_counter("adhoc_flood", &[("user", &n.to_string())]);
    }
    increment_counter("adhoc_flood", &[("user", "1")]);
    let lines = lines("adhoc_flood");
    assert_eq!(lines.len(), 1001);
    assert!(lines.contains(&"adhoc_flood_total{otel_metric_overflow=\"true\"} 100".to_owned()));
    assert!(lines.contains(&"adhoc_flood_total{user=\"1\"} 2".to_owned()));
}

#[test]
fn names_that_are_the_same_to_prometheus_are_one_family_and_one_series() {
    increment_counter("adhoc.same", &[]);
    increment_counter("adhoc-same", &[("a.b", "1"), ("a_b", "2")]);
    increment_counter("adhoc_same", &[]);
    assert_eq!(lines("adhoc_same").len(), 2);
    assert_eq!(lines("# TYPE adhoc_same").len(), 1);
}
