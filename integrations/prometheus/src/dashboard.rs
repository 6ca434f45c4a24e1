use serde_json::{Value, json};

/// A row of the dashboard: its title and its panels.
type Row = (&'static str, &'static [Panel]);

struct Panel {
    title: &'static str,
    /// A unit by Grafana's name for it.
    unit: &'static str,
    /// What is asked, and how each answer is called.
    queries: &'static [(&'static str, &'static str)],
}

const fn panel(
    title: &'static str,
    unit: &'static str,
    queries: &'static [(&'static str, &'static str)],
) -> Panel {
    Panel { title, unit, queries }
}

/// `$job` and `$function` are chosen on the dashboard; `$__rate_interval` is Grafana's own.
const ROWS: &[Row] = &[
    (
        "Functions",
        &[
            panel(
                "Calls by outcome",
                "reqps",
                &[(
                    r#"sum by (outcome) (rate(mainstay_function_calls_total{job=~"$job",function=~"$function"}[$__rate_interval]))"#,
                    "{{outcome}}",
                )],
            ),
            panel(
                "Share of calls that succeed",
                "percentunit",
                &[(
                    r#"sum by (function) (rate(mainstay_function_calls_total{job=~"$job",function=~"$function",outcome="ok"}[$__rate_interval])) / sum by (function) (rate(mainstay_function_calls_total{job=~"$job",function=~"$function"}[$__rate_interval]))"#,
                    "{{function}}",
                )],
            ),
            panel(
                "Duration, 99 of 100 calls",
                "s",
                &[(
                    r#"histogram_quantile(0.99, sum by (function, le) (rate(mainstay_function_duration_seconds_bucket{job=~"$job",function=~"$function"}[$__rate_interval])))"#,
                    "{{function}}",
                )],
            ),
            panel(
                "In flight",
                "short",
                &[(
                    r#"sum by (function) (mainstay_function_in_flight{job=~"$job",function=~"$function"})"#,
                    "{{function}}",
                )],
            ),
            panel(
                "Errors by type",
                "reqps",
                &[(
                    r#"sum by (error_type) (rate(mainstay_function_errors_total{job=~"$job",function=~"$function"}[$__rate_interval]))"#,
                    "{{error_type}}",
                )],
            ),
        ],
    ),
    (
        "Policies",
        &[
            panel(
                "Circuit breakers that are not closed",
                "short",
                &[(
                    r#"mainstay_circuit_breaker_state{job=~"$job",state!="closed"} > 0"#,
                    "{{name}} {{state}}",
                )],
            ),
            panel(
                "Calls that circuit breakers saw",
                "reqps",
                &[(
                    r#"sum by (name, outcome) (rate(mainstay_circuit_breaker_calls_total{job=~"$job"}[$__rate_interval]))"#,
                    "{{name}} {{outcome}}",
                )],
            ),
            panel(
                "Retries",
                "reqps",
                &[
                    (
                        r#"sum by (name) (rate(mainstay_retry_retries_total{job=~"$job"}[$__rate_interval]))"#,
                        "{{name}} again",
                    ),
                    (
                        r#"sum by (name) (rate(mainstay_retry_exhausted_total{job=~"$job"}[$__rate_interval]))"#,
                        "{{name}} given up",
                    ),
                ],
            ),
            panel(
                "Timed out",
                "reqps",
                &[(
                    r#"sum by (name) (rate(mainstay_timeout_timed_out_total{job=~"$job"}[$__rate_interval]))"#,
                    "{{name}}",
                )],
            ),
            panel(
                "Rate limits",
                "reqps",
                &[(
                    r#"sum by (name, outcome) (rate(mainstay_rate_limit_calls_total{job=~"$job"}[$__rate_interval]))"#,
                    "{{name}} {{outcome}}",
                )],
            ),
            panel(
                "Bulkheads, places in use",
                "percentunit",
                &[(
                    r#"mainstay_bulkhead_running{job=~"$job"} / mainstay_bulkhead_limit{job=~"$job"}"#,
                    "{{name}}",
                )],
            ),
            panel(
                "Idempotent calls",
                "reqps",
                &[(
                    r#"sum by (name, result) (rate(mainstay_idempotent_calls_total{job=~"$job"}[$__rate_interval]))"#,
                    "{{name}} {{result}}",
                )],
            ),
            panel(
                "Share of answers from caches",
                "percentunit",
                &[(
                    r#"sum by (name) (rate(mainstay_cache_requests_total{job=~"$job",result="hit"}[$__rate_interval])) / sum by (name) (rate(mainstay_cache_requests_total{job=~"$job"}[$__rate_interval]))"#,
                    "{{name}}",
                )],
            ),
        ],
    ),
    (
        "Process",
        &[
            panel(
                "Processor",
                "percentunit",
                &[(r#"rate(process_cpu_seconds_total{job=~"$job"}[$__rate_interval])"#, "{{instance}}")],
            ),
            panel("Memory", "bytes", &[(r#"process_resident_memory_bytes{job=~"$job"}"#, "{{instance}}")]),
            panel("Open files", "short", &[(r#"process_open_fds{job=~"$job"}"#, "{{instance}}")]),
        ],
    ),
];

const COLUMNS: usize = 3;
const WIDTH: usize = 24 / COLUMNS;
const HEIGHT: usize = 8;

/// A dashboard for Grafana 9 and later, as JSON to be imported or provisioned: functions, policies and the process.
///
/// It asks for the metrics that [`MetricsServer`](crate::MetricsServer) serves; which services and functions are shown is chosen
/// on the dashboard.
///
/// ```
/// let dashboard = mainstay_prometheus::dashboard("The shop");
/// assert!(dashboard.contains("mainstay_function_duration_seconds_bucket"));
/// ```
pub fn dashboard(title: &str) -> String {
    let mut panels = Vec::new();
    let mut top = 0;
    for (name, row) in ROWS {
        panels.push(json!({
            "type": "row", "title": name, "collapsed": false, "panels": [],
            "gridPos": { "x": 0, "y": top, "w": 24, "h": 1 },
        }));
        top += 1;
        for (index, panel) in row.iter().enumerate() {
            let (x, y) = (index % COLUMNS * WIDTH, top + index / COLUMNS * HEIGHT);
            panels.push(panel.shown(json!({ "x": x, "y": y, "w": WIDTH, "h": HEIGHT })));
        }
        top += row.len().div_ceil(COLUMNS) * HEIGHT;
    }
    for (index, panel) in panels.iter_mut().enumerate() {
        panel["id"] = json!(index + 1);
    }
    let chosen = |name: &str, metric: &str| {
        json!({
            "type": "query", "name": name, "label": name, "datasource": source(),
            "query": { "query": format!("label_values({metric}, {name})"), "refId": name },
            "includeAll": true, "multi": true, "refresh": 2, "current": { "text": "All", "value": "$__all" },
        })
    };
    let whole = json!({
        "title": title,
        "tags": ["mainstay"],
        "schemaVersion": 37,
        "editable": true,
        "refresh": "10s",
        "time": { "from": "now-30m", "to": "now" },
        "templating": { "list": [
            { "type": "datasource", "name": "source", "label": "source", "query": "prometheus" },
            chosen("job", "mainstay_function_calls_total"),
            chosen("function", r#"mainstay_function_calls_total{job=~"$job"}"#),
        ] },
        "panels": panels,
    });
    format!("{whole:#}")
}

fn source() -> Value {
    json!({ "type": "prometheus", "uid": "${source}" })
}

impl Panel {
    fn shown(&self, place: Value) -> Value {
        let targets: Vec<Value> = self
            .queries
            .iter()
            .zip('A'..='Z')
            .map(|((query, name), letter)| {
                json!({ "refId": letter.to_string(), "expr": query, "legendFormat": name, "datasource": source() })
            })
            .collect();
        json!({
            "type": "timeseries",
            "title": self.title,
            "datasource": source(),
            "fieldConfig": { "defaults": { "unit": self.unit, "min": 0 }, "overrides": [] },
            "options": { "legend": { "displayMode": "list", "placement": "bottom" }, "tooltip": { "mode": "multi" } },
            "gridPos": place,
            "targets": targets,
        })
    }
}
