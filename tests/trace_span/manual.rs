use mainstay::trace::{self, SpanKind, Status, add_span_attribute, add_span_event, get_tracer, tracer};
use mainstay_testkit::{Spans, Stepper};

use crate::support::{events, text};

#[test]
fn spans_nest_and_are_told_attributes_and_events() {
    let spans = Spans::record();
    let orders = get_tracer("orders");
    {
        let mut outer = orders.start_as_current_span("manual.outer");
        {
            let _inner = orders.span("manual.inner").kind(SpanKind::Client).enter();
            add_span_attribute("db.rows", 7);
            add_span_event("cache_hit", &[("cache.key", &"prices")]);
            // Also while another is inside it.
            outer.set_attribute("late", true);
        }
        outer.set_tag("late", "yes");
        outer.add_event("done", &[]);
        outer.set_status(Status::Ok);
        outer.set_name("manual.renamed");
    }
    let (outer, inner) = (spans.one("manual.renamed"), spans.one("manual.inner"));
    assert_eq!(
        (inner.parent, inner.kind, inner.scope),
        (Some(outer.context.span_id), SpanKind::Client, "orders")
    );
    assert_eq!((text(&inner, "db.rows").unwrap(), events(&inner)), ("7".to_owned(), vec!["cache_hit"]));
    assert_eq!((text(&outer, "late").unwrap(), events(&outer)), ("yes".to_owned(), vec!["done"]));
    assert_eq!((outer.status, outer.attributes.len()), (Status::Ok, 1));
}

#[test]
fn nothing_happens_where_no_span_is_recorded() {
    add_span_attribute("lost", 1);
    add_span_event("lost", &[]);
    let _none = Spans::none();
    let mut span = tracer("orders").start_span("manual.off");
    span.set_attribute("lost", 1);
    assert!(!span.is_recorded());
    assert_eq!((span.context(), trace::current()), (None, None));
}

#[test]
fn a_span_runs_work_and_futures_and_is_current_only_in_them() {
    let spans = Spans::record();
    let mut span = tracer("orders").start_span("manual.scope");
    let own = span.context();
    assert_eq!(span.in_scope(trace::current), own);
    assert_eq!(trace::current(), None);
    let mut call = Stepper::new(span.instrument(async {
        tokio::task::yield_now().await;
        add_span_attribute("inside", 1);
        trace::current()
    }));
    assert!(call.poll().is_pending());
    assert!(spans.named("manual.scope").is_empty());
    let std::task::Poll::Ready(seen) = call.poll() else { panic!("it waits for nothing") };
    assert_eq!((seen, trace::current()), (own, None));
    assert_eq!(text(&spans.one("manual.scope"), "inside").unwrap(), "1");
}

#[test]
fn guards_dropped_in_another_order_lose_no_span() {
    let spans = Spans::record();
    let first = tracer("orders").span("manual.first").enter();
    let second = tracer("orders").span("manual.second").enter();
    drop(first);
    drop(second);
    let parent = spans.one("manual.first").context.span_id;
    assert_eq!(spans.one("manual.second").parent, Some(parent));
}

#[test]
fn a_guard_that_is_forgotten_ends_its_span_with_its_thread() {
    let spans = Spans::record();
    let thread = std::thread::spawn(|| {
        let outer = tracer("orders").span("manual.around").enter();
        std::mem::forget(tracer("orders").span("manual.forgotten").enter());
        std::mem::forget(outer);
    });
    thread.join().unwrap();
    let parent = spans.one("manual.around").context.span_id;
    assert_eq!(spans.one("manual.forgotten").parent, Some(parent));
}

#[test]
fn links_and_parents_are_kept() {
    let spans = Spans::record();
    let other = tracer("orders").start_span("manual.other").context().unwrap();
    tracer("orders").span("manual.linked").parent(None).link(other).start().end();
    let span = spans.one("manual.linked");
    assert_eq!((span.links, span.parent), (vec![other], None));
}

#[test]
fn what_is_too_much_for_a_span_is_counted() {
    let spans = Spans::record();
    let mut span = tracer("orders").start_span("manual.large");
    for n in 0..200 {
        span.set_attribute(format!("key {n}"), n);
        span.add_event("event", &[]);
    }
    drop(span);
    let span = spans.one("manual.large");
    assert_eq!((span.attributes.len(), span.dropped_attributes), (128, 72));
    assert_eq!((span.events.len(), span.dropped_events), (128, 72));
}
