//! The dashboard asks only for what there is.

use std::{collections::BTreeSet, fs, path::Path};

use mainstay::{Error, bulkhead, cached, circuit_breaker, idempotent, metered, rate_limit, retry, timeout};
use mainstay_prometheus::{MetricsServer, dashboard};
use mainstay_testkit::servers::promtool;
use serde_json::Value;

use crate::support::get;

#[metered]
#[idempotent("dashboard.once", key = n)]
#[cached("dashboard.kept", key = n, ttl = "1m")]
#[retry("dashboard.again")]
#[circuit_breaker("dashboard.breaker")]
#[rate_limit("dashboard.limit", "100/s")]
#[bulkhead("dashboard.places", 2)]
#[timeout("1s")]
async fn everything(n: u32) -> Result<u32, Error> {
    Ok(n)
}

fn queries() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(&dashboard("test")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect()
}

/// The words before a `{`, which are metrics.
fn metrics(query: &str) -> impl Iterator<Item = &str> {
    query.match_indices('{').map(|(at, _)| {
        let before = &query[..at];
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        &before[start..]
    })
}

#[tokio::test]
async fn each_metric_of_the_dashboard_is_served() {
    everything(1).await.unwrap();
    let serving = MetricsServer::new().host([127, 0, 0, 1]).port(0).start_in_background().unwrap();
    let answer = get(serving.address(), "/metrics");
    let served: BTreeSet<&str> = answer
        .text()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(['{', ' ']).next().unwrap_or_default())
        .collect();
    let queries = queries();
    assert!(queries.len() > 15);
    for query in &queries {
        for metric in metrics(query) {
            // Errors have a series from the first one on.
            assert!(
                served.contains(metric) || metric == "mainstay_function_errors_total",
                "{metric} of {query}"
            );
        }
    }
    serving.stop();
}

#[test]
fn prometheus_understands_each_query() {
    let mut rules = String::from("groups:\n- name: dashboard\n  rules:\n");
    for (index, query) in queries().iter().enumerate() {
        let query = query.replace("$__rate_interval", "1m");
        rules.push_str(&format!("  - record: dashboard:query:{index}\n    expr: {query:?}\n"));
    }
    let path = std::env::temp_dir().join(format!("mainstay-dashboard-{}.yml", std::process::id()));
    fs::write(&path, rules).unwrap();
    let checked = promtool(&["check", "rules", path.to_str().unwrap()], "");
    fs::remove_file(&path).unwrap();
    let (fine, said) = checked.unwrap();
    assert!(fine, "{said}");
}

#[test]
fn panels_do_not_overlap() {
    let dashboard: Value = serde_json::from_str(&dashboard("test")).unwrap();
    let mut taken = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        let [x, y, w, h] = ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_u64().unwrap());
        for place in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
            assert!(place.0 < 24 && taken.insert(place), "{panel:#}");
        }
    }
}

/// `MAINSTAY_UPDATE=1` writes it anew.
#[test]
fn the_file_in_the_book_is_the_dashboard() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/deploy/grafana-dashboard.json");
    let expected = format!("{}\n", dashboard("Mainstay"));
    if std::env::var_os("MAINSTAY_UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "it has changed: MAINSTAY_UPDATE=1 cargo test -p mainstay-prometheus dashboard"
    );
}
