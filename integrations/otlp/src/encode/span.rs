use mainstay_runtime::trace::{SpanContext, SpanEvent, SpanKind, SpanRecord, Status};

use super::attributes;
use crate::wire::Writer;

/// Writes a span as field 2 of `ScopeSpans`.
pub(super) fn write(writer: &mut Writer<'_>, span: &SpanRecord) {
    writer.message(2, |out| {
        let SpanContext { trace_id, span_id, .. } = span.context;
        out.bytes(1, &trace_id.to_bytes());
        out.bytes(2, &span_id.to_bytes());
        if let Some(parent) = span.parent {
            out.bytes(4, &parent.to_bytes());
        }
        out.text(5, &span.name);
        out.varint(6, kind(span.kind));
        out.fixed64(7, span.start);
        out.fixed64(8, span.end);
        attributes::write(out, 9, &span.attributes);
        if let Some(code) = span.code {
            attributes::write_code(out, 9, code, &span.attributes);
        }
        out.count(10, span.dropped_attributes);
        span.events.iter().for_each(|event| write_event(out, event));
        out.count(12, span.dropped_events);
        span.links.iter().for_each(|link| write_link(out, *link));
        out.count(14, span.dropped_links);
        write_status(out, &span.status);
        out.fixed32(16, flags(span.context.flags.to_byte(), span.parent_is_remote));
    });
}

pub(crate) fn kind(kind: SpanKind) -> u64 {
    match kind {
        SpanKind::Internal => 1,
        SpanKind::Server => 2,
        SpanKind::Client => 3,
        SpanKind::Producer => 4,
        SpanKind::Consumer => 5,
    }
}

/// The flags of W3C Trace Context; bit 8 says that bit 9 is meant, which says that the other span is of another process.
pub(crate) fn flags(byte: u8, is_remote: bool) -> u32 {
    u32::from(byte) | 0x100 | if is_remote { 0x200 } else { 0 }
}

fn write_event(writer: &mut Writer<'_>, event: &SpanEvent) {
    writer.message(11, |out| {
        out.fixed64(1, event.time);
        out.text(2, &event.name);
        attributes::write(out, 3, &event.attributes);
        out.count(4, event.dropped_attributes);
    });
}

fn write_link(writer: &mut Writer<'_>, link: SpanContext) {
    writer.message(13, |out| {
        out.bytes(1, &link.trace_id.to_bytes());
        out.bytes(2, &link.span_id.to_bytes());
        out.fixed32(6, flags(link.flags.to_byte(), link.is_remote));
    });
}

fn write_status(writer: &mut Writer<'_>, status: &Status) {
    match status {
        Status::Unset => {}
        Status::Ok => writer.message(15, |out| out.varint(3, 1)),
        Status::Error(reason) => writer.message(15, |out| {
            if !reason.is_empty() {
                out.text(2, reason);
            }
            out.varint(3, 2);
        }),
    }
}
