use std::fmt::Write;

use super::{Format, escape, time::rfc3339};
use crate::record::{Field, Record, Value};

/// One JSON object a line.
///
/// It begins with `timestamp`, `level`, `service`, `environment`, `target` and `message`; then come the ids that there are
/// (`trace_id`, `span_id`, `request_id`, `correlation_id`), the fields, and `spans`. A field whose name is taken gets an
/// underscore after it.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Json;

const OWN: [&str; 13] = [
    "timestamp",
    "level",
    "service",
    "environment",
    "target",
    "message",
    "trace_id",
    "span_id",
    "request_id",
    "correlation_id",
    "spans",
    "file",
    "success",
];

impl Format for Json {
    fn write(&self, record: &Record<'_>, line: &mut String) {
        // Writing to a text never fails, here and below.
        let _ = write!(line, "{{\"timestamp\":\"{}\"", rfc3339(record.time));
        let level = match record.level {
            tracing::Level::ERROR => "error",
            tracing::Level::WARN => "warn",
            tracing::Level::INFO => "info",
            tracing::Level::DEBUG => "debug",
            tracing::Level::TRACE => "trace",
        };
        text("level", level, line);
        text("service", record.service, line);
        text("environment", record.environment, line);
        text("target", record.target, line);
        text("message", record.message, line);
        if let Some(span) = record.span {
            let _ = write!(line, ",\"trace_id\":\"{}\",\"span_id\":\"{}\"", span.trace_id, span.span_id);
        }
        if let Some(context) = record.context {
            text("request_id", context.request_id().as_str(), line);
            text("correlation_id", context.correlation_id().as_str(), line);
        }
        if record.is_success {
            line.push_str(",\"success\":true");
        }
        if let Some((file, at)) = record.place.filter(|_| record.level <= tracing::Level::WARN) {
            let _ = write!(line, ",\"file\":\"");
            escape::json(file, line);
            let _ = write!(line, ":{at}\"");
        }
        fields(record.fields, &OWN, line);
        if !record.spans.is_empty() {
            line.push_str(",\"spans\":[");
            for (at, span) in record.spans.iter().enumerate() {
                line.push_str(if at == 0 { "{\"name\":\"" } else { ",{\"name\":\"" });
                escape::json(span.name, line);
                line.push('"');
                fields(&span.fields, &["name"], line);
                line.push('}');
            }
            line.push(']');
        }
        line.push_str("}\n");
    }
}

fn fields(fields: &[Field], taken: &[&str], line: &mut String) {
    for Field { name, value: what } in fields {
        line.push_str(",\"");
        escape::json(name, line);
        // A name that ends so may be another's with an underscore: it gets one more as well.
        line.push_str(if taken.contains(&name.trim_end_matches('_')) { "_\":" } else { "\":" });
        value(what, line);
    }
}

fn value(value: &Value, line: &mut String) {
    let _ = match value {
        Value::Bool(value) => write!(line, "{value}"),
        Value::Int(value) => write!(line, "{value}"),
        Value::Uint(value) => write!(line, "{value}"),
        // JSON knows no infinity, and a number without a point would change its type from line to line.
        Value::Float(value) if value.is_finite() => write!(line, "{value:?}"),
        Value::Float(value) => write!(line, "\"{value}\""),
        Value::Text(value) => return quoted(value, line),
        Value::Error(chain) => return quoted(&chain.join(": "), line),
    };
}

fn text(name: &str, value: &str, line: &mut String) {
    let _ = write!(line, ",\"{name}\":");
    quoted(value, line);
}

fn quoted(text: &str, line: &mut String) {
    line.push('"');
    escape::json(text, line);
    line.push('"');
}
