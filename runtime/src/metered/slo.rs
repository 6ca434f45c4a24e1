//! Alert and recording rules for Prometheus, from the objectives of metered functions.

use std::{fmt::Write as _, time::Duration};

use super::{
    Metered,
    collect::{CALLS, DURATION},
};
use crate::{metrics::number::bound, registry::policies};

/// A pair of windows, how much faster than even the budget must burn in both, and how urgent that is.
struct Burn {
    long: &'static str,
    short: &'static str,
    factor: f64,
    severity: &'static str,
    lasts: &'static str,
}

/// Table 5-8 of Google's Site Reliability Workbook, chapter 5, "Alerting on SLOs", section 6, "Multiwindow, multi-burn-rate
/// alerts": for a budget of 30 days.
const BURNS: [Burn; 4] = [
    Burn { long: "1h", short: "5m", factor: 14.4, severity: "page", lasts: "2m" },
    Burn { long: "6h", short: "30m", factor: 6.0, severity: "page", lasts: "15m" },
    Burn { long: "1d", short: "2h", factor: 3.0, severity: "ticket", lasts: "1h" },
    Burn { long: "3d", short: "6h", factor: 1.0, severity: "ticket", lasts: "3h" },
];
const WINDOWS: [&str; 7] = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];

/// Recording and alert rules for every objective, as a rules file of Prometheus. Empty groups where there are none.
///
/// For each function with `slo(…)` the share of bad calls is recorded over seven windows, and four alerts compare it with the
/// budget: two that page, when a fiftieth or a twentieth of a month's budget burns within one or six hours, and two that open
/// a ticket. Each looks at a long and a short window, so that it ends soon after the trouble does. The scheme and its
/// numbers are those of the
/// [Site Reliability Workbook](https://sre.google/workbook/alerting-on-slos/), "Multiwindow, Multi-Burn-Rate Alerts".
///
/// Bad for `ok` are errors, time-outs, refusals and panics; a call that its caller dropped counts for neither side. For a
/// latency objective, bad are calls that ran to an end and took longer.
///
/// Write them to a file at start or by a task of your build, and name it under `rule_files` in `prometheus.yml`.
pub fn slo_rules() -> String {
    rules(&policies().meters())
}

pub(super) fn rules(all: &[&Metered]) -> String {
    let mut out = String::from("groups:\n");
    let mut any = false;
    for metered in all.iter().filter(|metered| !metered.slo().is_empty()) {
        any = true;
        let slo = metered.slo();
        if let Some(percent) = slo.ok {
            group(&mut out, metered.name(), &Objective::ok(metered.name(), percent));
        }
        if let Some((quantile, limit)) = slo.latency {
            group(&mut out, metered.name(), &Objective::latency(metered.name(), quantile, limit));
        }
    }
    if any { out } else { "groups: []\n".to_owned() }
}

/// What one objective says in the language of Prometheus.
struct Objective {
    word: &'static str,
    alert: &'static str,
    /// The share of calls that may be bad.
    budget: f64,
    summary: String,
    /// What bad calls and all calls are; `{}` stands for the window.
    bad: String,
    all: String,
}

impl Objective {
    fn ok(function: &str, percent: f64) -> Self {
        let function = quoted(function);
        Self {
            word: "errors",
            alert: "MainstayErrorBudgetBurn",
            budget: (100.0 - percent) / 100.0,
            summary: format!("{percent} % of calls are to succeed"),
            bad: format!("{CALLS}_total{{function={function},outcome=~\"error|timeout|rejected|panic\"}}"),
            all: format!("{CALLS}_total{{function={function},outcome!=\"cancelled\"}}"),
        }
    }

    fn latency(function: &str, quantile: f64, limit: Duration) -> Self {
        let function = quoted(function);
        let le = bound(limit.as_secs_f64());
        Self {
            word: "slow",
            alert: "MainstayLatencyBudgetBurn",
            budget: 1.0 - quantile,
            summary: format!("{} % of calls are to take {limit:?} at most", tidy(quantile * 100.0)),
            bad: format!("{DURATION}_bucket{{function={function},le=\"{le}\"}}"),
            all: format!("{DURATION}_count{{function={function}}}"),
        }
    }

    fn ratio(&self, window: &str) -> String {
        let (bad, all) = (&self.bad, &self.all);
        match self.word {
            "slow" => format!("1 - (sum(rate({bad}[{window}])) / sum(rate({all}[{window}])))"),
            _ => format!("sum(rate({bad}[{window}])) / sum(rate({all}[{window}]))"),
        }
    }
}

fn group(out: &mut String, function: &str, objective: &Objective) {
    let Objective { word, alert, budget, summary, .. } = objective;
    let function_yaml = quoted(function);
    let record = |window: &str| format!("mainstay:function_{word}:ratio_rate{window}");
    // A `String` takes all that is written to it.
    let _ = writeln!(out, "- name: {}\n  rules:", quoted(&format!("mainstay-slo-{word}-{function}")));
    for window in WINDOWS {
        let _ = writeln!(
            out,
            "  - record: {}\n    expr: {}\n    labels:\n      function: {function_yaml}",
            record(window),
            quoted(&objective.ratio(window)),
        );
    }
    for Burn { long, short, factor, severity, lasts } in &BURNS {
        let selector = format!("{{function={function_yaml}}}");
        let threshold = tidy(factor * budget);
        let expr =
            format!("{}{selector} > {threshold} and {}{selector} > {threshold}", record(long), record(short));
        let _ = writeln!(
            out,
            "  - alert: {alert}\n    expr: {}\n    for: {lasts}\n    labels:\n      severity: {severity}\n      \
             function: {function_yaml}\n      window: {long}\n    annotations:\n      summary: {}\n      description: {}",
            quoted(&expr),
            quoted(&format!("{function}: {summary}")),
            quoted(&format!(
                "The error budget of 30 days burns {} times as fast as it lasts, over {long} and over {short}.",
                tidy(*factor)
            )),
        );
    }
}

/// A text in double quotes, which YAML and PromQL read alike.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Without the digits that binary fractions leave behind.
fn tidy(number: f64) -> String {
    let text = format!("{number:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
