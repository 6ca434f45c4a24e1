use mainstay::{
    trace::{self, SpanContext},
    trace_span,
};
use mainstay_testkit::{Spans, Stepper};
use tokio::task::yield_now;

#[trace_span("nesting.outer")]
async fn outer() -> (SpanContext, SpanContext) {
    yield_now().await;
    let inside = inner().await;
    yield_now().await;
    (trace::current().unwrap(), inside)
}

#[trace_span("nesting.inner")]
async fn inner() -> SpanContext {
    yield_now().await;
    sync_inner();
    trace::current().unwrap()
}

#[trace_span("nesting.sync")]
fn sync_inner() {}

#[tokio::test(start_paused = true)]
async fn a_span_is_the_child_of_the_one_it_is_called_in() {
    let spans = Spans::record();
    let (outside, inside) = outer().await;
    let (outer, inner, sync) =
        (spans.one("nesting.outer"), spans.one("nesting.inner"), spans.one("nesting.sync"));
    assert_eq!((outer.context, inner.context), (outside, inside));
    assert_eq!((outer.parent, inner.parent), (None, Some(outside.span_id)));
    assert_eq!(sync.parent, Some(inside.span_id));
    assert_eq!((inner.context.trace_id, sync.context.trace_id), (outside.trace_id, outside.trace_id));
}

#[test]
fn a_span_is_current_only_while_its_future_is_polled() {
    let _spans = Spans::record();
    let (mut one, mut other) = (Stepper::new(outer()), Stepper::new(outer()));
    let mut done = [None, None];
    // Their polls take turns on one thread.
    for _ in 0..4 {
        for (call, done) in [&mut one, &mut other].into_iter().zip(&mut done) {
            assert_eq!(trace::current(), None);
            if let std::task::Poll::Ready(seen) = call.poll() {
                *done = Some(seen);
            }
        }
    }
    let ((first, first_inner), (second, second_inner)) = (done[0].unwrap(), done[1].unwrap());
    assert_ne!(first.trace_id, second.trace_id);
    assert_eq!((first.trace_id, second.trace_id), (first_inner.trace_id, second_inner.trace_id));
    assert_eq!(trace::current(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_span_goes_along_when_its_task_changes_threads() {
    let spans = Spans::record();
    #[trace_span("nesting.root")]
    async fn root() -> bool {
        let own = trace::current();
        let mut same = true;
        for _ in 0..50 {
            yield_now().await;
            same &= trace::current() == own && own.is_some();
        }
        same
    }
    let tasks: Vec<_> = (0..32).map(|_| tokio::spawn(root())).collect();
    for task in tasks {
        assert!(task.await.unwrap());
    }
    assert_eq!(spans.named("nesting.root").len(), 32);
}

#[tokio::test(start_paused = true)]
async fn a_task_of_its_own_goes_on_with_the_trace_if_it_is_given_along() {
    #[trace_span("nesting.spawning")]
    async fn spawning() {
        let carried = trace::with_context(trace::current(), async { sync_inner() });
        tokio::spawn(carried).await.unwrap();
        tokio::spawn(async { sync_inner() }).await.unwrap();
    }
    let spans = Spans::record();
    spawning().await;
    let outer = spans.one("nesting.spawning");
    let inner = spans.named("nesting.sync");
    assert_eq!((inner[0].parent, inner[1].parent), (Some(outer.context.span_id), None));
    assert_ne!(inner[1].context.trace_id, outer.context.trace_id);
}

#[test]
fn a_context_is_attached_for_as_long_as_its_guard_lives() {
    let spans = Spans::record();
    let remote = SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let attached = trace::attach(remote);
    sync_inner();
    drop(attached);
    assert_eq!(trace::current(), None);
    let span = spans.one("nesting.sync");
    assert_eq!((span.parent, span.parent_is_remote), (remote.map(|span| span.span_id), true));
}
