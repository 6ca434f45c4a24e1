//! Spans of another library around and inside ours. In a process of its own: the way of a span is another one from then on.
#![allow(missing_docs)]

use std::cell::Cell;

use mainstay::{
    trace::{self, SpanContext, set_foreign_parent},
    trace_span,
};
use mainstay_testkit::Spans;

thread_local! {
    static FOREIGN: Cell<Option<SpanContext>> = const { Cell::new(None) };
}

fn foreign(digit: char) -> Option<SpanContext> {
    let span: String = std::iter::repeat_n(digit, 16).collect();
    SpanContext::from_traceparent(&format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{span}-01"))
}

#[trace_span("foreign.outer")]
fn outer(between: Option<SpanContext>) {
    let before = between.map(|between| FOREIGN.replace(Some(between)));
    inner();
    if let Some(before) = before {
        FOREIGN.set(before);
    }
}

#[trace_span("foreign.inner")]
fn inner() {}

#[test]
fn a_parent_of_another_library_is_honoured_where_it_is_the_innermost() {
    // A call before it is known that there are others: the function must hear of it.
    inner();
    set_foreign_parent(|| FOREIGN.get());
    let spans = Spans::record();
    FOREIGN.set(foreign('1'));
    outer(None);
    outer(foreign('2'));
    FOREIGN.set(None);
    inner();
    let (outers, inners) = (spans.named("foreign.outer"), spans.named("foreign.inner"));
    let around = foreign('1').map(|span| span.span_id);
    assert_eq!((outers[0].parent, outers[1].parent), (around, around));
    // Ours is inside the foreign one; then the foreign one is inside ours; then there is none.
    assert_eq!(inners[0].parent, Some(outers[0].context.span_id));
    assert_eq!(inners[1].parent, foreign('2').map(|span| span.span_id));
    assert_eq!(inners[2].parent, None);
    assert_eq!(trace::current(), None);
}
