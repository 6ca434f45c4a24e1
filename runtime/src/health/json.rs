//! Reports as JSON.

use std::fmt::Write as _;

use super::{CheckReport, HealthStatus, Report, time::Utc};
use crate::trace::AttributeValue;

pub(super) fn ours(report: &Report) -> String {
    let mut out = String::with_capacity(128 + 160 * report.checks.len());
    let _ =
        write!(out, r#"{{"status":"{}","timestamp":"{}","checks":{{"#, report.status, Utc(report.timestamp));
    list(&mut out, &report.checks, |out, check| {
        text(out, &check.name);
        let _ = write!(out, r#":"{}""#, check.status);
    });
    out.push_str(r#"},"details":{"#);
    list(&mut out, &report.checks, |out, check| {
        text(out, &check.name);
        out.push(':');
        details(out, check);
    });
    out.push_str("}}");
    out
}

fn details(out: &mut String, check: &CheckReport) {
    let _ = write!(
        out,
        r#"{{"duration_ms":{},"age_ms":{},"probes":["#,
        milliseconds(check.duration),
        milliseconds(check.age)
    );
    let probes: Vec<_> = check.probes.iter().collect();
    list(out, &probes, |out, probe| text(out, probe.as_str()));
    out.push(']');
    if let Some(reason) = &check.reason {
        out.push_str(r#","reason":"#);
        text(out, reason);
    }
    if !check.data.is_empty() {
        out.push_str(r#","data":{"#);
        data(out, check, |_| false);
        out.push('}');
    }
    out.push('}');
}

pub(super) fn microprofile(report: &Report) -> String {
    let mut out = String::with_capacity(64 + 96 * report.checks.len());
    let _ = write!(out, r#"{{"status":"{}","checks":["#, up(report.status));
    list(&mut out, &report.checks, |out, check| {
        out.push_str(r#"{"name":"#);
        text(out, &check.name);
        let _ = write!(out, r#","status":"{}""#, up(check.status));
        let degraded = check.status == HealthStatus::Degraded;
        if degraded || check.reason.is_some() || !check.data.is_empty() {
            out.push_str(r#","data":{"#);
            if degraded {
                out.push_str(r#""degraded":true"#);
            }
            if let Some(reason) = &check.reason {
                separate(out);
                out.push_str(r#""reason":"#);
                text(out, reason);
            }
            let is_ours =
                |key: &str| (key == "degraded" && degraded) || (key == "reason" && check.reason.is_some());
            data(out, check, is_ours);
            out.push('}');
        }
        out.push('}');
    });
    out.push_str("]}");
    out
}

const fn up(status: HealthStatus) -> &'static str {
    if status.is_up() { "UP" } else { "DOWN" }
}

fn separate(out: &mut String) {
    if !out.ends_with('{') {
        out.push(',');
    }
}

/// The figures, each key once.
fn data(out: &mut String, check: &CheckReport, is_taken: impl Fn(&str) -> bool) {
    for (index, (key, figure)) in check.data.iter().enumerate() {
        let is_again = check.data[..index].iter().any(|(before, _)| before == key);
        if is_again || is_taken(key) {
            continue;
        }
        separate(out);
        text(out, key);
        out.push(':');
        value(out, figure);
    }
}

fn list<T>(out: &mut String, all: &[T], mut each: impl FnMut(&mut String, &T)) {
    for (index, it) in all.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        each(out, it);
    }
}

fn value(out: &mut String, value: &AttributeValue) {
    match value {
        AttributeValue::Bool(value) => {
            let _ = write!(out, "{value}");
        }
        AttributeValue::I64(value) => {
            let _ = write!(out, "{value}");
        }
        // JSON has no word for what is no number.
        AttributeValue::F64(value) if !value.is_finite() => out.push_str("null"),
        AttributeValue::F64(value) => {
            let _ = write!(out, "{value}");
        }
        AttributeValue::Static(value) => text(out, value),
        AttributeValue::Text(value) => text(out, value),
    }
}

/// With three decimals, which is microseconds.
fn milliseconds(duration: std::time::Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

fn text(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}
