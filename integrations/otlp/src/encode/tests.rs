//! What is written, read by the protocol's own crate.

use mainstay_runtime::trace::{
    Attribute, AttributeValue, Code, Resource, SpanContext, SpanData, SpanEvent, SpanExporter as _, SpanId,
    SpanKind, SpanRecord, Status, TraceFlags, TraceId,
};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    trace::v1::{ResourceSpans, TracesData},
};
use prost::Message as _;

use super::Requests;
use crate::{Format, StdoutExporter};

fn text() -> String {
    let length = [0, 1, 5, 130, 3_000][fastrand::usize(..5)];
    (0..length).map(|_| fastrand::char(..)).collect()
}

fn value() -> AttributeValue {
    match fastrand::u8(..6) {
        0 => fastrand::bool().into(),
        1 => fastrand::i64(..).into(),
        2 => [0.0, -0.0, 1.5, f64::MAX, f64::MIN_POSITIVE][fastrand::usize(..5)].into(),
        3 => "static".into(),
        _ => text().into(),
    }
}

fn attributes() -> Vec<Attribute> {
    (0..fastrand::usize(..5)).map(|number| Attribute::new(format!("key.{number}"), value())).collect()
}

fn context() -> SpanContext {
    let trace = TraceId::from_halves(fastrand::u64(..), fastrand::u64(1..)).unwrap();
    let context = SpanContext::new(
        trace,
        SpanId::from_u64(fastrand::u64(1..)).unwrap(),
        TraceFlags::from_byte(fastrand::u8(..)),
    );
    if fastrand::bool() { context.remote() } else { context }
}

fn count() -> u32 {
    [0, 1, u32::MAX][fastrand::usize(..3)]
}

fn span() -> SpanData {
    static CODE: Code = Code::new("shop::place", "src/shop.rs", 42);
    let mut span = SpanRecord::new(text(), context());
    span.parent = if fastrand::bool() { SpanId::from_u64(fastrand::u64(1..)) } else { None };
    span.parent_is_remote = fastrand::bool();
    span.kind =
        [SpanKind::Internal, SpanKind::Server, SpanKind::Client, SpanKind::Producer, SpanKind::Consumer]
            [fastrand::usize(..5)];
    (span.start, span.end) = (fastrand::u64(..), fastrand::u64(..));
    span.attributes = attributes();
    for _ in 0..fastrand::usize(..3) {
        let mut event = SpanEvent::new(text(), fastrand::u64(..));
        (event.attributes, event.dropped_attributes) = (attributes(), count());
        span.events.push(event);
    }
    span.links = (0..fastrand::usize(..3)).map(|_| context()).collect();
    span.status = match fastrand::u8(..4) {
        0 => Status::Unset,
        1 => Status::Ok,
        _ => Status::Error(text().into()),
    };
    span.scope = ["shop", "db", ""][fastrand::usize(..3)];
    span.code = fastrand::bool().then_some(&CODE);
    (span.dropped_attributes, span.dropped_events, span.dropped_links) = (count(), count(), count());
    span.into()
}

fn decoded(requests: &mut Requests) -> Vec<ResourceSpans> {
    let mut body = Vec::new();
    let mut all = Vec::new();
    while let Some(count) = requests.next(&mut body) {
        let request = ExportTraceServiceRequest::decode(&*body).unwrap();
        let [resource] = &*request.resource_spans else { panic!("{request:?}") };
        assert_eq!(resource.scope_spans.iter().map(|scope| scope.spans.len() as u64).sum::<u64>(), count);
        all.extend(request.resource_spans);
    }
    all
}

/// One span by each writer, as the other crate understands it.
fn both_ways(span: SpanData, resource: &Resource) -> (ResourceSpans, ResourceSpans) {
    let mut requests = Requests::default();
    requests.start(resource);
    let mut batch = vec![span];
    requests.fill(&mut batch);
    let binary = decoded(&mut requests).remove(0);

    let (sender, receiver) = std::sync::mpsc::channel();
    let mut exporter = StdoutExporter::to(Sink(sender), Format::Json);
    exporter.start(resource);
    exporter.export(&mut batch).unwrap();
    drop(exporter);
    let line: Vec<u8> = receiver.iter().flatten().collect();
    assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
    let data: TracesData = serde_json::from_slice(&line).unwrap();
    (binary, data.resource_spans.into_iter().next().unwrap())
}

struct Sink(std::sync::mpsc::Sender<Vec<u8>>);

impl std::io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(std::io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn json_and_binary_messages_say_the_same() {
    for seed in 0..300 {
        fastrand::seed(seed);
        let resource = attributes().into_iter().fold(Resource::default(), Resource::with);
        let (binary, json) = both_ways(span(), &resource);
        assert!(binary == json, "seed {seed}");
    }
}

#[test]
fn numbers_that_json_does_not_have_are_words() {
    // As Protocol Buffers' JSON has them, which the other crate does not read.
    for (value, word) in [(f64::INFINITY, "Infinity"), (f64::NEG_INFINITY, "-Infinity"), (f64::NAN, "NaN")] {
        let (sender, receiver) = std::sync::mpsc::channel();
        let mut exporter = StdoutExporter::to(Sink(sender), Format::Json);
        let mut record = SpanRecord::new("place", context());
        record.set_attribute(Attribute::new("number", value));
        exporter.export(&mut vec![record.into()]).unwrap();
        drop(exporter);
        let line: Vec<u8> = receiver.iter().flatten().collect();
        let expected = format!(r#""value":{{"doubleValue":"{word}"}}"#);
        assert!(String::from_utf8(line).unwrap().contains(&expected));
    }
}

#[test]
fn a_message_is_as_short_as_that_of_the_protocols_own_crate() {
    for seed in 0..500 {
        fastrand::seed(seed);
        let mut named = span();
        // Empty texts are left out by the one and written by the other, which says the same.
        (named.name, named.scope, named.events) = ("place".into(), "shop", Vec::new());
        (named.start, named.end) = (named.start.max(1), named.end.max(1));
        let mut requests = Requests::default();
        requests.start(&Resource::service("orders"));
        requests.fill(&mut [named]);
        let mut body = Vec::new();
        assert_eq!(requests.next(&mut body), Some(1));
        assert_eq!(
            ExportTraceServiceRequest::decode(&*body).unwrap().encoded_len(),
            body.len(),
            "seed {seed}"
        );
        assert_eq!(requests.next(&mut body), None);
    }
}

#[test]
fn no_span_gets_lost_between_requests() {
    let mut requests = Requests::default();
    requests.start(&Resource::service("orders"));
    for seed in 0..10 {
        fastrand::seed(seed);
        let mut batch: Vec<SpanData> = (0..fastrand::usize(1..20)).map(|_| span()).collect();
        for data in &mut batch {
            let length = [10, 500_000, 4 << 20][fastrand::usize(..3)];
            data.set_attribute(Attribute::new("long", "x".repeat(length)));
        }
        let mut expected: Vec<_> =
            batch.iter().map(|span| span.context.span_id.to_bytes().to_vec()).collect();
        requests.fill(&mut batch);
        let resources = decoded(&mut requests);
        let scopes = resources.iter().flat_map(|resource| &resource.scope_spans);
        let mut found: Vec<_> =
            scopes.flat_map(|scope| &scope.spans).map(|span| span.span_id.clone()).collect();
        expected.sort();
        found.sort();
        assert!(found == expected, "seed {seed}");
    }
}

#[test]
#[ignore = "prints times, and decides nothing"]
fn measured() {
    let plain = |number: u64| {
        let mut span = SpanRecord::new("shop.charge", context());
        (span.parent, span.kind) = (SpanId::from_u64(number + 1), SpanKind::Client);
        (span.start, span.end) = (1_709_210_096_123_456_789, 1_709_210_096_124_956_789);
        span.set_attribute(Attribute::new("order.id", 7));
        span.set_attribute(Attribute::new("order.cents", 1200));
        span.set_attribute(Attribute::new("tenant", "shop"));
        SpanData::from(span)
    };
    let mut batch: Vec<_> = (0..512).map(plain).collect();
    let (mut requests, mut body) = (Requests::default(), Vec::new());
    requests.start(&Resource::service("orders"));
    let mut best = std::time::Duration::MAX;
    for _ in 0..200 {
        let started = std::time::Instant::now();
        requests.fill(&mut batch);
        assert_eq!(requests.next(&mut body), Some(512));
        best = best.min(started.elapsed());
    }
    let mut theirs = std::time::Duration::MAX;
    for _ in 0..200 {
        let request = ExportTraceServiceRequest::decode(&*body).unwrap();
        let started = std::time::Instant::now();
        assert_eq!(request.encode_to_vec().len(), body.len());
        theirs = theirs.min(started.elapsed());
    }
    let each = |time: std::time::Duration| time.as_nanos() / 512;
    println!("a span of three attributes: {} bytes, {} ns to write;", body.len() / 512, each(best));
    println!("{} ns by prost from messages that are there already", each(theirs));
}
