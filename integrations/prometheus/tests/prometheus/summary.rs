use std::time::Duration;

use mainstay_prometheus::{HttpMetrics, Method, Summary, SummaryConfig};
use mainstay_runtime::{
    clock::ManualClock,
    metrics::{Registry, TextFormat},
};

#[test]
fn quantiles_are_within_one_per_cent_and_forget_what_is_old() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let registry = Registry::new();
    let config = SummaryConfig::new().quantiles([0.99, 0.5, 7.0]).age(Duration::from_secs(50));
    let latency = registry.single::<Summary>("latency_seconds", "Latency.", config).unwrap();
    (1..=1000).for_each(|n| latency.observe(f64::from(n)));
    latency.observe(f64::NAN);
    for (quantile, expected) in [(0.5, 500.0), (0.9, 900.0), (0.99, 990.0), (0.0, 1.0)] {
        let found = latency.quantile(quantile);
        assert!((found / expected - 1.0_f64).abs() < 0.02, "{quantile}: {found}");
    }
    clock.advance(Duration::from_secs(60));
    latency.observe(7.0);
    assert!((latency.quantile(0.5) / 7.0 - 1.0).abs() < 0.02);
    let text = registry.encode(TextFormat::Prometheus);
    assert!(text.contains("latency_seconds_sum 500507\nlatency_seconds_count 1001\n"), "{text}");
    assert!(text.contains("latency_seconds{quantile=\"0.5\"} ") && !text.contains("quantile=\"7"));
    clock.advance(Duration::from_secs(60));
    assert!(latency.quantile(0.5).is_nan());
}

#[test]
fn threads_that_observe_together_lose_nothing_and_timers_are_summed_up() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let registry = Registry::new();
    let latency = registry.single::<Summary>("latency_seconds", "", SummaryConfig::new()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..1000).for_each(|_| latency.observe(1.0)));
        }
    });
    let timer = latency.time();
    clock.advance(Duration::from_secs(3));
    timer.stop();
    assert!(
        registry
            .encode(TextFormat::Prometheus)
            .contains("latency_seconds_sum 8003\nlatency_seconds_count 8001\n")
    );
}

#[test]
fn http_metrics_have_the_conventions_names_or_those_of_earlier_services() {
    let clock = ManualClock::new();
    let _installed = clock.install();
    let registry = Registry::new();
    let standard = HttpMetrics::standard(&registry).unwrap();
    let compatible = HttpMetrics::compatible(&registry, "prophet").unwrap();
    for metrics in [&standard, &compatible] {
        let request = metrics.begin(Method::of("GET"), "/users/{id}");
        clock.advance(Duration::from_millis(60));
        request.end(200);
        drop(metrics.begin(Method::of("BREW"), "/pot"));
    }
    let _open = compatible.begin(Method::POST, "/users");
    let text = registry.encode(TextFormat::Prometheus);
    for line in [
        "http_server_request_duration_seconds_count{http_request_method=\"GET\",url_scheme=\"http\",\
         http_route=\"/users/{id}\",http_response_status_code=\"200\"} 1\n",
        "http_server_request_duration_seconds_count{http_request_method=\"_OTHER\",url_scheme=\"http\",http_route=\"/pot\",\
         error_type=\"cancelled\"} 1\n",
        "http_server_active_requests{http_request_method=\"_OTHER\",url_scheme=\"http\"} 0\n",
        "http_requests_total{method=\"GET\",endpoint=\"/users/{id}\",status=\"200\"} 1\n",
        "http_request_duration_seconds_bucket{method=\"GET\",endpoint=\"/users/{id}\",le=\"0.05\"} 0\n",
        "http_request_duration_seconds_bucket{method=\"GET\",endpoint=\"/users/{id}\",le=\"0.1\"} 1\n",
        "prophet_requests_total{endpoint=\"/users/{id}\",status=\"200\"} 1\n",
        "\nrequests_total 1\n",
        "http_requests_in_progress 1\n",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    assert!(HttpMetrics::compatible(&registry, "a service").is_err());
}
