//! The files of `docs/deploy` say what Mainstay does: ports, probes, times.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::{fs, path::Path};

use mainstay::shutdown::ShutdownConfig;

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deploy").join(file)).unwrap()
}

/// The number behind the first `name`.
fn number(text: &str, name: &str) -> u64 {
    let (_, rest) = text.split_once(name).unwrap_or_else(|| panic!("no {name}"));
    let digits: String =
        rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

#[test]
fn the_image_shows_the_ports_of_the_service_its_health_and_its_metrics() {
    let image = read("Dockerfile");
    assert!(image.contains("EXPOSE 8000 8080 9090"));
    assert!(image.contains(r#"ENTRYPOINT ["/app"]"#), "no shell stands between the service and its signals");
}

#[test]
fn the_pods_are_probed_and_limited_as_was_promised() {
    let shop = read("kubernetes/shop.yaml");
    let of = |probe: &str| shop.split_once(probe).unwrap().1;
    for (probe, path, delay, period) in
        [("livenessProbe:", "/health/live", 10, 30), ("readinessProbe:", "/health/ready", 5, 10)]
    {
        let text = of(probe);
        assert!(text.lines().nth(1).unwrap().contains(&format!("path: {path}, port: 8080")), "{text}");
        assert_eq!((number(text, "initialDelaySeconds"), number(text, "periodSeconds")), (delay, period));
    }
    assert_eq!(number(&shop, "replicas"), 3);
    for line in [
        "requests: { memory: 256Mi, cpu: 250m }",
        "limits: { memory: 512Mi, cpu: 500m }",
        "{ name: http, containerPort: 8000 }",
        "{ name: health, containerPort: 8080 }",
        "{ name: metrics, containerPort: 9090 }",
        "{ name: ENVIRONMENT, value: production }",
        "{ name: JAEGER_ENDPOINT, value:",
    ] {
        assert!(shop.contains(line), "{line}");
    }
}

#[test]
fn what_kills_the_service_at_last_waits_for_longer_than_its_shutdown_takes() {
    let shop = read("kubernetes/shop.yaml");
    let own = number(&shop, "SHUTDOWN_TIMEOUT, value");
    assert_eq!(own, ShutdownConfig::new().whole().as_secs());
    assert!(number(&shop, "terminationGracePeriodSeconds") > own);
    assert!(number(&shop, "SHUTDOWN_PRE_DRAIN, value") < own);
    let unit = read("shop.service");
    assert!(number(&unit, "TimeoutStopSec=") > number(&unit, "SHUTDOWN_TIMEOUT="));
}
