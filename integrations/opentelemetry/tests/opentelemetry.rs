//! Spans of OpenTelemetry's SDK and of tracing-opentelemetry around and inside ours.

#![allow(clippy::unwrap_used, reason = "what they help is tests")]

use std::{
    collections::HashSet,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use mainstay::{propagate, trace, trace::SpanRecord, trace_span};
use mainstay_logging::{Json, Logging};
use mainstay_opentelemetry::{attach, connect, context, in_context};
use mainstay_testkit::Spans;
use opentelemetry::{
    Context,
    trace::{SpanId, TraceContextExt as _, Tracer as _, TracerProvider as _},
};
use opentelemetry_sdk::trace::{InMemorySpanExporter, Sampler, SdkTracer, SdkTracerProvider, SpanData};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{Layer as _, filter::filter_fn, layer::SubscriberExt as _};

/// OpenTelemetry's SDK, whose spans are kept.
struct Sdk {
    kept: InMemorySpanExporter,
    tracer: SdkTracer,
    _provider: SdkTracerProvider,
}

impl Sdk {
    fn sampling(sampler: Sampler) -> Self {
        let kept = InMemorySpanExporter::default();
        let builder = SdkTracerProvider::builder().with_sampler(sampler).with_simple_exporter(kept.clone());
        let provider = builder.build();
        Self { kept, tracer: provider.tracer("theirs"), _provider: provider }
    }

    fn new() -> Self {
        Self::sampling(Sampler::AlwaysOn)
    }

    fn one(&self, name: &str) -> SpanData {
        let mut spans = self.kept.get_finished_spans().unwrap();
        spans.retain(|span| span.name == name);
        assert_eq!(spans.len(), 1, "{name}");
        spans.remove(0)
    }
}

fn id(span: &SpanRecord) -> SpanId {
    SpanId::from_bytes(span.context.span_id.to_bytes())
}

fn parent(span: &SpanRecord) -> SpanId {
    span.parent.map_or(SpanId::INVALID, |parent| SpanId::from_bytes(parent.to_bytes()))
}

#[trace_span("ours")]
fn ours(work: impl FnOnce()) {
    work();
}

#[trace_span("ours.inner")]
fn inner() {}

#[test]
fn a_span_of_theirs_is_the_parent_of_ours_and_ours_of_theirs() {
    connect();
    let (sdk, spans) = (Sdk::new(), Spans::record());
    sdk.tracer.in_span("theirs", |_| {
        ours(|| {
            let _attached = attach();
            sdk.tracer.in_span("theirs.inner", |_| inner());
        });
    });
    let (outer, within) = (sdk.one("theirs"), sdk.one("theirs.inner"));
    let (ours, inner) = (spans.one("ours"), spans.one("ours.inner"));
    assert_eq!(parent(&ours), outer.span_context.span_id());
    assert_eq!(within.parent_span_id, id(&ours));
    assert_eq!(parent(&inner), within.span_context.span_id());
    let trace = outer.span_context.trace_id().to_bytes();
    assert_eq!(within.span_context.trace_id().to_bytes(), trace);
    assert!([&ours, &inner].iter().all(|span| span.context.trace_id.to_bytes() == trace));
}

#[test]
fn ours_goes_on_as_it_was_after_theirs_has_ended() {
    connect();
    let (sdk, spans) = (Sdk::new(), Spans::record());
    ours(|| {
        let attached = attach();
        sdk.tracer.in_span("theirs", |_| {});
        drop(attached);
        inner();
        assert!(!Context::current().has_active_span());
    });
    assert_eq!(spans.one("ours.inner").parent, Some(spans.one("ours").context.span_id));
    assert_eq!(spans.one("ours").parent, None);
}

#[test]
fn what_they_do_not_sample_is_not_recorded_here_either() {
    connect();
    let (sdk, spans) = (Sdk::sampling(Sampler::AlwaysOff), Spans::record());
    sdk.tracer.in_span("theirs", |_| ours(|| assert!(!trace::current().unwrap().is_sampled())));
    ours(|| {});
    assert_eq!(spans.named("ours").len(), 1);
}

#[test]
fn what_is_not_sampled_here_is_not_sampled_there_either() {
    connect();
    let based = Sampler::ParentBased(Box::new(Sampler::AlwaysOn));
    let (sdk, _spans) = (Sdk::sampling(based), Spans::sampled(trace::Sampler::always_off()));
    ours(|| {
        let _attached = attach();
        sdk.tracer.in_span("theirs", |_| {});
    });
    assert!(sdk.kept.get_finished_spans().unwrap().is_empty());
}

#[test]
fn a_span_of_theirs_may_be_given_our_context() {
    connect();
    let (sdk, spans) = (Sdk::new(), Spans::record());
    ours(|| drop(sdk.tracer.start_with_context("theirs", &context())));
    assert_eq!(sdk.one("theirs").parent_span_id, id(&spans.one("ours")));
    assert!(!context().has_active_span());
}

#[trace_span("ours.async")]
async fn ours_async(work: impl Future<Output = ()>) {
    in_context(work).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_future_has_our_span_wherever_it_is_polled() {
    connect();
    let (sdk, spans) = (Sdk::new(), Spans::record());
    let tracer = sdk.tracer.clone();
    let work = async move {
        for _ in 0..10 {
            tokio::task::yield_now().await;
            tracer.in_span("theirs", |_| inner());
        }
    };
    tokio::spawn(ours_async(work)).await.unwrap();
    let ours = spans.one("ours.async");
    let theirs = sdk.kept.get_finished_spans().unwrap();
    assert!(theirs.len() == 10 && theirs.iter().all(|span| span.parent_span_id == id(&ours)));
    let inner = spans.named("ours.inner");
    assert_eq!(inner.len(), 10);
    // Those of one worker come before those of another.
    let inner: HashSet<_> = inner.iter().map(parent).collect();
    assert_eq!(inner, theirs.iter().map(|span| span.span_context.span_id()).collect());
    assert_eq!(trace::current(), None);
}

#[test]
fn spans_of_tracing_opentelemetry_are_parents_and_children_too() {
    connect();
    let (sdk, spans) = (Sdk::new(), Spans::record());
    // Ours are spans of `tracing` as well: those are left to us.
    let layer = tracing_opentelemetry::layer().with_tracer(sdk.tracer.clone());
    let layer = layer.with_filter(filter_fn(|metadata| metadata.target() == "theirs"));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        tracing::info_span!(target: "theirs", "theirs").in_scope(|| ours(|| {}));
        trace::tracer("shop").span("by hand").in_scope(|| {
            let child = tracing::info_span!(target: "theirs", "theirs.child");
            child.set_parent(context()).unwrap();
            child.in_scope(inner);
        });
    });
    let (theirs, child) = (sdk.one("theirs"), sdk.one("theirs.child"));
    assert_eq!(parent(&spans.one("ours")), theirs.span_context.span_id());
    assert_eq!(child.parent_span_id, id(&spans.one("by hand")));
    assert_eq!(parent(&spans.one("ours.inner")), child.span_context.span_id());
}

#[test]
fn where_the_layer_takes_all_spans_ours_are_seen_by_both() {
    connect();
    let (sdk, spans) = (Sdk::new(), Spans::record());
    let layer = tracing_opentelemetry::layer().with_tracer(sdk.tracer.clone());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        tracing::info_span!("theirs")
            .in_scope(|| ours(|| tracing::info_span!("theirs.inner").in_scope(|| {})));
    });
    let theirs = sdk.one("theirs").span_context.span_id();
    assert_eq!(parent(&spans.one("ours")), theirs);
    // In their trace the twin of ours stands between their two.
    let twin = sdk.one("ours");
    assert_eq!(twin.parent_span_id, theirs);
    assert_eq!(sdk.one("theirs.inner").parent_span_id, twin.span_context.span_id());
}

#[tokio::test]
async fn a_span_of_theirs_alone_gives_its_ids_to_log_lines_headers_and_spawned_tasks() {
    connect();
    let (sdk, spans, page) = (Sdk::new(), Spans::record(), Page::default());
    let logging = Logging::service("shop").no_console().variables([("APP_ENV", "test")]);
    let (lines, guard) = logging.output(page.clone(), Json::default()).layer().unwrap();
    let layer = tracing_opentelemetry::layer().with_tracer(sdk.tracer.clone());
    let _default = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer).with(lines));
    let (headers, task) = tracing::info_span!("theirs").in_scope(|| {
        tracing::info!("inside");
        (propagate::propagate_trace_context(), mainstay::spawn(async { trace::current() }))
    });
    tracing::info!("outside");
    let task = task.await.unwrap().unwrap();
    assert_eq!(guard.shutdown(Duration::from_secs(60)).lost, 0);

    let theirs = sdk.one("theirs").span_context;
    let (trace, span) = (theirs.trace_id().to_string(), theirs.span_id().to_string());
    let lines = page.lines();
    assert_eq!((&lines[0]["trace_id"], &lines[0]["span_id"]), (&trace.clone().into(), &span.clone().into()));
    assert_eq!(lines[1]["trace_id"], serde_json::Value::Null);
    assert_eq!(headers, [("traceparent".to_owned(), format!("00-{trace}-{span}-01"))]);
    assert_eq!((task.trace_id.to_string(), task.span_id.to_string()), (trace, span));
    drop(spans);
}

/// A log that can be read.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Page {
    fn lines(&self) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
