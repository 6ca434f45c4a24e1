use std::collections::HashMap;

use mainstay::{bulkhead, cached, circuit_breaker, idempotent, metered, rate_limit, retry, timeout};
use mainstay_runtime::{
    circuit_breaker::CircuitBreaker,
    metrics::{TextFormat, registry},
};
use serde_json::Value;

use crate::support::{get, serve};

#[metered("listed.charge")]
#[idempotent("listed.charges", key = order)]
#[retry("listed.again", max_attempts = 2, initial_delay = "0s")]
#[circuit_breaker("listed.bank", failure_threshold = 3)]
#[rate_limit("listed.rate", "100/s", burst = 7)]
#[bulkhead("listed.places", 4)]
#[timeout("listed.limit", "1s")]
async fn charge(order: u64, fails: bool) -> Result<u64, mainstay::Error> {
    if fails { Err(mainstay::Error::rate_limited("elsewhere", std::time::Duration::ZERO)) } else { Ok(order) }
}

#[cached("listed.prices", ttl = "1h", key = sku)]
#[circuit_breaker("listed.hosts", key = sku)]
#[rate_limit("listed.keyed", "5/s", key = sku)]
fn price(sku: u64) -> Result<u64, mainstay::Error> {
    Ok(sku)
}

fn find<'a>(json: &'a Value, kind: &str, name: &str) -> &'a Value {
    let policies = json["policies"].as_array().unwrap();
    policies
        .iter()
        .find(|policy| policy["kind"] == kind && policy["name"] == name)
        .unwrap_or_else(|| panic!("no {kind} {name}"))
}

#[tokio::test]
async fn every_site_is_there_with_its_stack_and_every_kind_of_policy_with_its_numbers() {
    for order in [1, 1, 2] {
        assert_eq!(charge(order, false).await, Ok(order));
    }
    assert!(charge(3, true).await.is_err());
    for _ in 0..3 {
        assert_eq!(price(5), Ok(5));
    }
    let serving = serve();
    let answer = get(serving.address(), "/policies");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let json = answer.json();
    assert_eq!((&json["version"], &json["service"]), (&1.into(), &"tests".into()));
    assert!(json["now_ms"].as_u64().unwrap() > 1_700_000_000_000);

    let sites = json["sites"].as_array().unwrap();
    let site =
        sites.iter().find(|site| site["path"].as_str().unwrap().ends_with("policies::charge")).unwrap();
    assert!(
        site["file"].as_str().unwrap().ends_with("tests/ops/policies.rs")
            && site["line"].as_u64().unwrap() > 10
    );
    let stack: Vec<&str> =
        site["stack"].as_array().unwrap().iter().map(|layer| layer["attribute"].as_str().unwrap()).collect();
    assert_eq!(
        stack,
        ["metered", "idempotent", "retry", "circuit_breaker", "rate_limit", "bulkhead", "timeout"]
    );
    assert!(site["stack"][3]["written"].as_str().unwrap().contains("failure_threshold = 3"));
    let breaker = &json["policies"][usize::try_from(site["stack"][3]["policy"].as_u64().unwrap()).unwrap()];
    assert_eq!((&breaker["name"], &breaker["phase"]), (&"listed.bank".into(), &"closed".into()));
    assert_eq!(breaker["options"]["failure_threshold"], "3");
    assert_eq!(breaker["counts"]["success"], 2);

    let counts = |kind, name| &find(&json, kind, name)["counts"];
    assert_eq!(counts("idempotent", "listed.charges")["replayed"], 1);
    assert_eq!(
        counts("rate_limit", "listed.rate")["permitted"],
        counts("bulkhead", "listed.places")["permitted"]
    );
    assert_eq!(counts("cached", "listed.prices")["hit"], 2);
    assert_eq!(counts("metered", "listed.charge")["ok"], 3);
    assert_eq!(counts("timeout", "listed.limit")["timed_out"], 0);
    assert_eq!(counts("retry", "listed.again")["exhausted"], 0);
    assert_eq!(find(&json, "keyed_circuit_breaker", "listed.hosts")["levels"]["keys"], 1.0);
    assert_eq!(find(&json, "keyed_rate_limit", "listed.keyed")["levels"]["keys"], 1.0);
    assert_eq!(find(&json, "bulkhead", "listed.places")["levels"]["limit"], 4.0);
    let timed = &find(&json, "metered", "listed.charge")["durations"];
    assert_eq!(timed["count"], 4);
    assert_eq!(timed["buckets"].as_array().unwrap().last().unwrap()[0], Value::Null);

    let one = get(serving.address(), "/policies/rate_limit/listed.rate");
    assert_eq!((one.status, &one.json()["options"]["burst"]), (200, &"7".into()));
    assert_eq!(get(serving.address(), "/policies/rate_limit/nobody").status, 404);
    for path in ["/policies/", "/policies/rate_limit/listed.rate/"] {
        assert_eq!(get(serving.address(), path).status, 200, "{path}");
    }
    serving.stop();
}

#[idempotent("same.sales", key = order)]
#[retry("same.again", max_attempts = 2, initial_delay = "0s")]
#[rate_limit("same.rate", "100/s")]
#[bulkhead("same.places", 4)]
#[timeout("same.limit", "1s")]
async fn sell(order: u64) -> Result<u64, mainstay::Error> {
    if order == 11 {
        Err(mainstay::Error::rate_limited("elsewhere", std::time::Duration::ZERO))
    } else {
        Ok(order)
    }
}

/// Each number of the page by the series of the scrape that says the same.
const SAME: [(&str, &str, &str, &str); 12] = [
    ("circuit_breaker", "success", "mainstay_circuit_breaker_calls_total", "outcome=\"success\""),
    ("circuit_breaker", "failure", "mainstay_circuit_breaker_calls_total", "outcome=\"failure\""),
    ("circuit_breaker", "rejected", "mainstay_circuit_breaker_calls_total", "outcome=\"rejected\""),
    ("circuit_breaker", "opened", "mainstay_circuit_breaker_opened_total", ""),
    ("retry", "retries", "mainstay_retry_retries_total", ""),
    ("timeout", "timed_out", "mainstay_timeout_timed_out_total", ""),
    ("bulkhead", "permitted", "mainstay_bulkhead_calls_total", "outcome=\"permitted\""),
    ("rate_limit", "permitted", "mainstay_rate_limit_calls_total", "outcome=\"permitted\""),
    ("rate_limit", "rejected", "mainstay_rate_limit_calls_total", "outcome=\"rejected\""),
    ("cached", "hit", "mainstay_cache_requests_total", "result=\"hit\""),
    ("idempotent", "run", "mainstay_idempotent_calls_total", "result=\"run\""),
    ("idempotent", "replayed", "mainstay_idempotent_calls_total", "result=\"replayed\""),
];

#[tokio::test]
async fn the_numbers_are_those_of_the_metrics() {
    let breaker = CircuitBreaker::builder().failure_threshold(1).register("same.breaker").unwrap();
    let _ = breaker.call(|| Err::<(), _>(mainstay::Error::rate_limited("x", std::time::Duration::ZERO)));
    for order in [10, 10, 11] {
        let _ = sell(order).await;
    }
    let serving = serve();
    // Other tests count meanwhile: asked until nothing happens in between.
    crate::support::until("both say the same", || {
        let before = registry().encode(TextFormat::Prometheus);
        let json = get(serving.address(), "/policies").json();
        let after = registry().encode(TextFormat::Prometheus);
        let series = |text: &str| -> HashMap<String, f64> {
            let lines = text.lines().filter(|line| line.starts_with("mainstay_") && !line.contains('#'));
            lines
                .filter_map(|line| line.rsplit_once(' '))
                .filter_map(|(key, value)| Some((key.to_owned(), value.parse().ok()?)))
                .collect()
        };
        let (before, after) = (series(&before), series(&after));
        let mut compared = 0;
        for policy in json["policies"].as_array().unwrap() {
            let name = policy["name"].as_str().unwrap();
            for (_, number, metric, label) in SAME.iter().filter(|(kind, ..)| policy["kind"] == *kind) {
                let label = if label.is_empty() { String::new() } else { format!(",{label}") };
                let key = format!("{metric}{{name=\"{name}\"{label}}}");
                let told = policy["counts"][number].as_f64().unwrap();
                let scraped = before.get(&key)?;
                if after.get(&key)? != scraped || told != *scraped {
                    return None;
                }
                compared += 1;
            }
        }
        (compared > 10).then_some(())
    });
    serving.stop();
}

#[test]
fn the_latest_changes_of_a_breaker_are_told() {
    let breaker = CircuitBreaker::builder().register("changes.breaker").unwrap();
    breaker.force_open();
    breaker.resume();
    let serving = serve();
    let json = get(serving.address(), "/policies/circuit_breaker/changes.breaker").json();
    let changes = json["changes"].as_array().unwrap();
    assert_eq!((&changes[0]["from"], &changes[0]["to"]), (&"closed".into(), &"forced_open".into()));
    assert_eq!(changes[1]["to"], "closed");
    assert!(changes[0]["at_ms"].as_u64() <= changes[1]["at_ms"].as_u64());
    serving.stop();
}
