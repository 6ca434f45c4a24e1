use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use mainstay::{clock, trace, trace::Status, trace_span};
use mainstay_testkit::{Spans, Stepper, drop_at_every_await};

use crate::support::{events, text};

const SECOND: Duration = Duration::from_secs(1);

#[trace_span("leaving.waits")]
async fn waits() -> u32 {
    clock::sleep(SECOND).await;
    nested().await;
    clock::sleep(SECOND).await;
    7
}

#[trace_span("leaving.nested")]
async fn nested() {
    clock::sleep(SECOND).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_at_any_await_ends_its_span_as_cancelled() {
    let spans = Spans::record();
    let mut ended = 0;
    let polls = drop_at_every_await(SECOND, waits, |polls| {
        assert_eq!(trace::current(), None);
        // Before its first poll there is no call yet.
        ended += usize::from(polls > 0);
        let spans = spans.named("leaving.waits");
        assert_eq!(spans.len(), ended, "after {polls} polls");
        if let Some(span) = spans.last() {
            assert_eq!(text(span, "mainstay.outcome").unwrap(), "cancelled");
            assert_eq!(span.status, Status::Unset);
        }
    })
    .await;
    assert_eq!(polls, 4);
    let whole = spans.named("leaving.waits");
    let whole = whole.last().unwrap();
    assert_eq!((text(whole, "mainstay.outcome"), whole.end - whole.start), (None, 3_000_000_000));
    let nested = spans.named("leaving.nested");
    let cancelled = nested.iter().filter(|span| span.attribute("mainstay.outcome").is_some()).count();
    assert_eq!((nested.len() - cancelled, cancelled), (3, 2));
}

#[trace_span("leaving.panics")]
fn panics() {
    panic!("on purpose");
}

#[trace_span("leaving.panics_later")]
async fn panics_later() {
    tokio::task::yield_now().await;
    panics();
}

#[test]
fn what_a_dropped_call_does_last_is_in_its_span() {
    struct AtTheEnd;
    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            trace::add_span_event("the end", &[]);
            #[trace_span("leaving.last")]
            fn last() {}
            last();
        }
    }
    #[trace_span("leaving.dropped")]
    async fn dropped() {
        let _at_the_end = AtTheEnd;
        std::future::pending::<()>().await;
    }
    let spans = Spans::record();
    let mut call = Stepper::new(dropped());
    assert!(call.poll().is_pending());
    drop(call);
    assert_eq!(trace::current(), None);
    let span = spans.one("leaving.dropped");
    assert_eq!(events(&span), ["the end"]);
    assert_eq!(spans.one("leaving.last").parent, Some(span.context.span_id));
}

#[test]
fn a_panic_ends_the_span_as_an_error_and_leaves_nothing_current() {
    let spans = Spans::record();
    assert!(catch_unwind(panics).is_err());
    assert_eq!(trace::current(), None);
    let span = spans.one("leaving.panics");
    assert_eq!(
        (&span.status, text(&span, "error.type").unwrap()),
        (&Status::Error("panicked".into()), "panic".into())
    );
}

#[test]
fn a_panic_in_a_poll_ends_the_span_although_the_future_is_dropped_later() {
    let spans = Spans::record();
    let mut call = Stepper::new(panics_later());
    assert!(call.poll().is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| call.poll())).is_err());
    assert_eq!(trace::current(), None);
    assert_eq!(spans.one("leaving.panics_later").status, Status::Error("panicked".into()));
    drop(call);
    assert_eq!(spans.named("leaving.panics_later").len(), 1);
}

#[test]
fn a_call_made_while_a_panic_unwinds_is_no_panic() {
    struct AtTheEnd;
    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            #[trace_span("leaving.in_drop")]
            fn in_drop() {}
            in_drop();
        }
    }
    let spans = Spans::record();
    let _ = catch_unwind(|| {
        let _at_the_end = AtTheEnd;
        panic!("on purpose");
    });
    assert_eq!(spans.one("leaving.in_drop").status, Status::Unset);
}
