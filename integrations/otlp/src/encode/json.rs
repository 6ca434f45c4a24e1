//! Spans in OTLP's JSON.

use std::fmt::Write as _;

use mainstay_runtime::trace::{
    Attribute, AttributeValue, Resource, SpanContext, SpanEvent, SpanRecord, Status,
};
use serde_json::{Value, json};

use super::{flags, kind};

/// A resource in OTLP's JSON.
pub(crate) fn resource(resource: &Resource) -> String {
    json!({ "attributes": attributes(&resource.attributes) }).to_string()
}

/// Appends a line that is a whole `TracesData` with one span.
pub(crate) fn write(out: &mut String, resource: &str, span: &SpanRecord) {
    let scope_spans = json!([{ "scope": { "name": span.scope }, "spans": [of_span(span)] }]);
    // Writing to a text does not fail.
    let _ = writeln!(out, r#"{{"resourceSpans":[{{"resource":{resource},"scopeSpans":{scope_spans}}}]}}"#);
}

pub(super) fn of_span(span: &SpanRecord) -> Value {
    let mut all = attributes(&span.attributes);
    if let Some(code) = span.code {
        let mut write = |key: &'static str, value: AttributeValue| {
            if span.attribute(key).is_none() {
                all.push(attribute(&Attribute::new(key, value)));
            }
        };
        write("code.function.name", code.function.into());
        write("code.file.path", code.file.into());
        write("code.line.number", code.line.into());
    }
    let mut value = json!({
        "traceId": span.context.trace_id.to_string(),
        "spanId": span.context.span_id.to_string(),
        "flags": flags(span.context.flags.to_byte(), span.parent_is_remote),
        "name": span.name,
        "kind": kind(span.kind),
        "startTimeUnixNano": span.start.to_string(),
        "endTimeUnixNano": span.end.to_string(),
        "attributes": all,
        "droppedAttributesCount": span.dropped_attributes,
        "events": span.events.iter().map(event).collect::<Vec<_>>(),
        "droppedEventsCount": span.dropped_events,
        "links": span.links.iter().map(link).collect::<Vec<_>>(),
        "droppedLinksCount": span.dropped_links,
    });
    match &span.status {
        Status::Unset => {}
        Status::Ok => value["status"] = json!({ "code": 1 }),
        Status::Error(reason) => value["status"] = json!({ "code": 2, "message": reason }),
    }
    if let Some(parent) = span.parent {
        value["parentSpanId"] = parent.to_string().into();
    }
    value
}

fn event(event: &SpanEvent) -> Value {
    json!({
        "timeUnixNano": event.time.to_string(),
        "name": event.name,
        "attributes": attributes(&event.attributes),
        "droppedAttributesCount": event.dropped_attributes,
    })
}

fn link(link: &SpanContext) -> Value {
    json!({
        "traceId": link.trace_id.to_string(),
        "spanId": link.span_id.to_string(),
        "flags": flags(link.flags.to_byte(), link.is_remote),
    })
}

fn attributes(attributes: &[Attribute]) -> Vec<Value> {
    attributes.iter().map(attribute).collect()
}

fn attribute(attribute: &Attribute) -> Value {
    let value = match &attribute.value {
        AttributeValue::Static(text) => json!({ "stringValue": text }),
        AttributeValue::Text(text) => json!({ "stringValue": text }),
        AttributeValue::Bool(value) => json!({ "boolValue": value }),
        // A number of 64 bits is a text in the JSON of Protocol Buffers: readers may not have so many.
        AttributeValue::I64(value) => json!({ "intValue": value.to_string() }),
        AttributeValue::F64(value) if value.is_finite() => json!({ "doubleValue": value }),
        AttributeValue::F64(value) if value.is_nan() => json!({ "doubleValue": "NaN" }),
        AttributeValue::F64(value) => {
            json!({ "doubleValue": if *value > 0.0 { "Infinity" } else { "-Infinity" } })
        }
    };
    json!({ "key": attribute.key, "value": value })
}
