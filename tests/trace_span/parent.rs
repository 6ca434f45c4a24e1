use mainstay::{
    trace::{self, SpanContext},
    trace_span,
};
use mainstay_testkit::Spans;

const HEADER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[trace_span("parent.given", parent = parent)]
fn given(parent: Option<SpanContext>) -> SpanContext {
    trace::current().unwrap()
}

#[trace_span("parent.async", parent = parent)]
async fn given_async(parent: SpanContext) -> SpanContext {
    tokio::task::yield_now().await;
    trace::current().unwrap()
}

#[trace_span("parent.around")]
fn around() -> SpanContext {
    given(None)
}

#[tokio::test(start_paused = true)]
async fn a_span_is_the_child_of_the_parent_that_is_given() {
    let spans = Spans::record();
    let parent = SpanContext::from_traceparent(HEADER).unwrap();
    let own = given_async(parent).await;
    let span = spans.one("parent.async");
    assert_eq!(
        (own.trace_id, span.parent, span.parent_is_remote),
        (parent.trace_id, Some(parent.span_id), true)
    );
    assert!(!span.context.is_remote);
}

#[test]
fn none_begins_a_new_trace() {
    let spans = Spans::record();
    let inner = around();
    let outer = spans.one("parent.around");
    assert_ne!(inner.trace_id, outer.context.trace_id);
    assert_eq!(spans.one("parent.given").parent, None);
}

#[test]
fn a_parent_that_is_not_sampled_makes_one_that_is_not() {
    let spans = Spans::record();
    let parent = SpanContext::from_traceparent(&HEADER.replace("-01", "-00"));
    let inside = given(parent);
    assert_eq!(inside.trace_id, parent.unwrap().trace_id);
    assert!(!inside.is_sampled());
    assert_eq!(spans.named("parent.given").len(), 0);
}
