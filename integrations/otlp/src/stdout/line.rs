use std::{fmt::Write as _, time::Duration};

use mainstay_runtime::trace::{Attribute, SpanKind, SpanRecord, Status};

use super::time::Time;

/// Appends a line for people:
/// `2024-02-29T12:34:56.123456Z    1.5ms orders: place [client] ok trace=… span=… parent=… order.id=7 | cache_hit +1ms`
///
/// Writing to a text does not fail.
pub(super) fn write(out: &mut String, span: &SpanRecord) {
    let lasted = format!("{:?}", Duration::from_nanos(span.end.saturating_sub(span.start)));
    let _ = write!(out, "{} {lasted:>12} {}: ", Time(span.start), span.scope);
    one_line(out, &span.name);
    if span.kind != SpanKind::Internal {
        let _ = write!(out, " [{}]", format!("{:?}", span.kind).to_lowercase());
    }
    match &span.status {
        Status::Unset => {}
        Status::Ok => out.push_str(" ok"),
        Status::Error(reason) => {
            out.push_str(" error");
            if !reason.is_empty() {
                out.push_str("=\"");
                one_line(out, reason);
                out.push('"');
            }
        }
    }
    let _ = write!(out, " trace={} span={}", span.context.trace_id, span.context.span_id);
    if let Some(parent) = span.parent {
        let _ = write!(out, " parent={parent}{}", if span.parent_is_remote { " (remote)" } else { "" });
    }
    attributes(out, &span.attributes);
    for event in &span.events {
        out.push_str(" | ");
        one_line(out, &event.name);
        let _ = write!(out, " +{:?}", Duration::from_nanos(event.time.saturating_sub(span.start)));
        attributes(out, &event.attributes);
    }
    for (what, dropped) in [
        ("attributes", span.dropped_attributes),
        ("events", span.dropped_events),
        ("links", span.dropped_links),
    ] {
        if dropped > 0 {
            let _ = write!(out, " ({dropped} more {what} had no room)");
        }
    }
    out.push('\n');
}

fn attributes(out: &mut String, attributes: &[Attribute]) {
    for Attribute { key, value } in attributes {
        out.push(' ');
        one_line(out, key);
        out.push('=');
        match value.as_str() {
            Some(text) if text.is_empty() || text.contains([' ', '"']) => {
                out.push('"');
                one_line(out, text);
                out.push('"');
            }
            Some(text) => one_line(out, text),
            None => {
                let _ = write!(out, "{value}");
            }
        }
    }
}

/// Appends a text whose line breaks, control characters and quotes are escaped: a line stays a line.
fn one_line(out: &mut String, text: &str) {
    for letter in text.chars() {
        if letter.is_control() || letter == '"' {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use mainstay_runtime::trace::{SpanContext, SpanEvent, SpanId};

    use super::*;

    fn span() -> SpanRecord {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let mut span = SpanRecord::new("place", SpanContext::from_traceparent(parent).unwrap());
        (span.start, span.end) = (1_709_210_096_123_456_789, 1_709_210_096_124_956_789);
        span
    }

    fn line(span: &SpanRecord) -> String {
        let mut out = String::new();
        write(&mut out, span);
        out
    }

    #[test]
    fn a_plain_span_is_a_plain_line() {
        let expected = "2024-02-29T12:34:56.123456Z        1.5ms mainstay: place \
            trace=4bf92f3577b34da6a3ce929d0e0e4736 span=00f067aa0ba902b7\n";
        assert_eq!(line(&span()), expected);
    }

    #[test]
    fn everything_else_follows_in_the_same_line() {
        let mut span = span();
        (span.scope, span.kind) = ("orders", SpanKind::Client);
        span.parent = SpanId::from_u64(255);
        span.parent_is_remote = true;
        span.status = Status::Error("no \"way\"\nback".into());
        span.set_attribute(Attribute::new("order.id", 7));
        span.set_attribute(Attribute::new("who", "an n"));
        let mut event = SpanEvent::new("cache_hit", span.start + 1_000_000);
        event.attributes.push(Attribute::new("key", "k"));
        span.add_event(event);
        span.dropped_events = 2;
        let text = line(&span);
        assert!(text.contains(r#" orders: place [client] error="no \"way\"\nback" trace="#), "{text}");
        let rest = " parent=00000000000000ff (remote) order.id=7 who=\"an n\" | cache_hit +1ms key=k (2 more events had no room)\n";
        assert!(text.ends_with(rest), "{text}");
        assert_eq!(text.lines().count(), 1);
    }
}
