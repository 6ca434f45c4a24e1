//! What arrives.

use std::collections::BTreeMap;

use mainstay_otlp::Exporter;
use mainstay_runtime::trace::{SpanContext, SpanKind, Status};
use opentelemetry_proto::tonic::{
    common::v1::{KeyValue, any_value::Value},
    trace::v1::{Span, span, status::StatusCode},
};

use crate::{
    collector::{Collector, Speaks},
    support::{LONG, TRACER, WAYS, alone, config, counted, set_up},
};

fn said(attributes: &[KeyValue]) -> BTreeMap<&str, &Value> {
    attributes
        .iter()
        .map(|one| (one.key.as_str(), one.value.as_ref().unwrap().value.as_ref().unwrap()))
        .collect()
}

fn text(value: &str) -> Value {
    Value::StringValue(value.to_owned())
}

fn by_name<'s>(spans: &'s [Span], name: &str) -> &'s Span {
    spans.iter().find(|span| span.name == name).unwrap()
}

#[test]
fn spans_arrive_as_they_were_told() {
    let _alone = alone();
    for speaks in WAYS {
        let collector = Collector::new(*speaks);
        let tracing = set_up(&config(&collector));
        let remote =
            SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap();
        let mut parent =
            TRACER.span("place").kind(SpanKind::Server).parent(Some(remote)).link(remote).enter();
        parent.set_attribute("order.id", 7);
        parent.set_attribute("negative", -7);
        parent.set_attribute("is_gift", false);
        parent.set_attribute("total", 12.5);
        parent.set_attribute("note", "für dich");
        parent.set_attribute("empty", "");
        parent.add_event("cache_hit", &[("cache.key", &"prices")]);
        TRACER.span("charge").kind(SpanKind::Client).enter().set_status(Status::Error("card refused".into()));
        TRACER.start_span("mail").set_status(Status::Ok);
        let parent_id = parent.context().unwrap().span_id;
        drop(parent);
        assert_eq!(tracing.shutdown(LONG), counted(3, 0, 0));

        let spans = collector.spans();
        let (place, charge, mail) =
            (by_name(&spans, "place"), by_name(&spans, "charge"), by_name(&spans, "mail"));
        assert!(spans.iter().all(|span| span.trace_id == remote.trace_id.to_bytes()));
        assert_eq!(place.span_id, parent_id.to_bytes());
        assert_eq!(place.parent_span_id, remote.span_id.to_bytes());
        assert!([charge, mail].iter().all(|span| span.parent_span_id == place.span_id));
        // Sampled, with bit 8 for "bit 9 is meant" and bit 9 for "the parent is remote"; charge and mail have a local one.
        assert_eq!(place.flags & 0x301, 0x301);
        assert!([charge, mail].iter().all(|span| span.flags & 0x301 == 0x101));
        assert_eq!(place.kind(), span::SpanKind::Server);
        assert_eq!((charge.kind(), mail.kind()), (span::SpanKind::Client, span::SpanKind::Internal));
        assert!(place.start_time_unix_nano <= charge.start_time_unix_nano);
        assert!(charge.end_time_unix_nano <= place.end_time_unix_nano);

        let attributes = said(&place.attributes);
        assert_eq!(attributes["order.id"], &Value::IntValue(7));
        assert_eq!(attributes["negative"], &Value::IntValue(-7));
        assert_eq!(attributes["is_gift"], &Value::BoolValue(false));
        assert_eq!(attributes["total"], &Value::DoubleValue(12.5));
        assert_eq!(attributes["note"], &text("für dich"));
        assert_eq!(attributes["empty"], &text(""));
        let [event] = &*place.events else { panic!() };
        assert_eq!(
            (event.name.as_str(), said(&event.attributes)["cache.key"]),
            ("cache_hit", &text("prices"))
        );
        assert!((place.start_time_unix_nano..=place.end_time_unix_nano).contains(&event.time_unix_nano));
        let [link] = &*place.links else { panic!() };
        assert_eq!((link.span_id.as_slice(), link.flags), (remote.span_id.to_bytes().as_slice(), 0x301));

        assert_eq!(place.status, None);
        let status = charge.status.as_ref().unwrap();
        assert_eq!((status.code(), status.message.as_str()), (StatusCode::Error, "card refused"));
        assert_eq!(mail.status.as_ref().unwrap().code(), StatusCode::Ok);
    }
}

#[mainstay::trace_span("annotated", attrs(code.line.number = 7))]
fn annotated() -> Result<(), mainstay::Error> {
    Ok(())
}

#[test]
fn an_annotated_function_says_where_it_stands() {
    let _alone = alone();
    let collector = Collector::new(Speaks::Http);
    let tracing = set_up(&config(&collector));
    annotated().unwrap();
    drop(tracing);
    let spans = collector.spans();
    let attributes = said(&by_name(&spans, "annotated").attributes);
    assert_eq!(attributes["code.function.name"], &text("it::arriving::annotated"));
    assert!(
        matches!(attributes["code.file.path"], Value::StringValue(path) if path.ends_with("arriving.rs"))
    );
    // What the function says itself is not said twice.
    assert_eq!(attributes["code.line.number"], &Value::IntValue(7));
    assert_eq!(attributes.len(), by_name(&spans, "annotated").attributes.len());
}

#[test]
fn the_resource_says_whose_spans_they_are() {
    let _alone = alone();
    for speaks in WAYS {
        let collector = Collector::new(*speaks);
        let config =
            config(&collector).service_version("1.2.3").environment("staging").attribute("team", "checkout");
        let tracing = set_up(&config);
        TRACER.start_span("place").end();
        mainstay_runtime::trace::tracer("db").start_span("query").end();
        TRACER.start_span("charge").end();
        assert_eq!(tracing.shutdown(LONG), counted(3, 0, 0));

        let [received] = &*collector.received() else { panic!() };
        let [of_resource] = &*received.body.resource_spans else { panic!() };
        let attributes = said(&of_resource.resource.as_ref().unwrap().attributes);
        for (key, value) in [
            ("service.name", "orders"),
            ("service.version", "1.2.3"),
            ("deployment.environment.name", "staging"),
            ("team", "checkout"),
            ("telemetry.sdk.name", "mainstay"),
            ("telemetry.sdk.language", "rust"),
            ("telemetry.sdk.version", env!("CARGO_PKG_VERSION")),
        ] {
            assert_eq!(attributes[key], &text(value));
        }
        assert_eq!(attributes["process.pid"], &Value::IntValue(std::process::id().into()));
        assert!(
            ["service.instance.id", "host.name", "os.type"].iter().all(|key| attributes.contains_key(key))
        );
        // A scope stands once, with all its spans.
        let scopes = of_resource.scope_spans.iter();
        let scopes: BTreeMap<_, _> =
            scopes.map(|scope| (scope.scope.as_ref().unwrap().name.as_str(), scope.spans.len())).collect();
        assert_eq!(scopes, BTreeMap::from([("db", 1), ("shop", 2)]));
        assert_eq!(of_resource.scope_spans.len(), 2);
    }
}

#[test]
fn requests_are_packed_and_carry_the_headers() {
    let _alone = alone();
    for speaks in WAYS {
        let collector = Collector::new(*speaks);
        let tracing = set_up(&config(&collector).gzip(true).header("Api-Key", "s3cret"));
        TRACER.start_span("place").end();
        assert_eq!(tracing.shutdown(LONG), counted(1, 0, 0));
        let [received] = &*collector.received() else { panic!() };
        assert_eq!(received.header("api-key"), Some("s3cret"));
        let encoding = if *speaks == Speaks::Grpc { "grpc-encoding" } else { "content-encoding" };
        assert_eq!(received.header(encoding), Some("gzip"));
        assert!(received.header("user-agent").unwrap().contains("mainstay-otlp/"));
        assert_eq!(collector.spans().len(), 1);
    }
}

#[test]
fn a_batch_too_large_for_one_request_goes_in_several() {
    let _alone = alone();
    for speaks in WAYS {
        let collector = Collector::new(*speaks);
        let tracing = set_up(&config(&collector).batch_size(8));
        let long = "x".repeat(1 << 20);
        for number in 0..8 {
            let mut span = TRACER.start_span("place");
            span.set_attribute("long", long.as_str());
            span.set_attribute("number", number);
        }
        assert_eq!(tracing.shutdown(LONG), counted(8, 0, 0));
        assert!(collector.received().len() >= 4);
        let mut numbers: Vec<_> = collector
            .spans()
            .iter()
            .map(|span| said(&span.attributes)["number"].clone())
            .map(|value| match value {
                Value::IntValue(number) => number,
                other => panic!("{other:?}"),
            })
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..8).collect::<Vec<_>>());
    }
}

#[test]
fn a_share_of_nothing_sends_nothing() {
    let _alone = alone();
    let collector = Collector::new(Speaks::Http);
    let tracing = set_up(&config(&collector).sample_rate(0.0));
    let root = TRACER.start_span("place");
    assert!(!root.is_recorded() && root.context().is_some());
    drop(root);
    // A parent that is sampled says otherwise.
    let remote = SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    TRACER.span("child").parent(remote).start().end();
    assert_eq!(tracing.shutdown(LONG), counted(1, 0, 0));
    assert_eq!(collector.spans().len(), 1);
}

#[test]
fn spans_that_go_nowhere_have_ids() {
    let _alone = alone();
    let collector = Collector::new(Speaks::Http);
    let tracing = set_up(&config(&collector).exporter(Exporter::None));
    let span = TRACER.start_span("place");
    assert!(span.context().is_some_and(|context| context.is_sampled()));
    drop(span);
    assert_eq!(tracing.shutdown(LONG), counted(0, 0, 0));
    assert!(collector.received().is_empty());
}
