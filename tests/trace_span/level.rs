//! The span as `tracing` sees it.

use mainstay::{trace, trace_span};
use mainstay_testkit::{Spans, Stepper};
use tracing::Level;

use crate::support::{Answer, Failure, Log};

#[trace_span("level.debug", level = debug, attrs(order.id = id, note = note), err)]
async fn call(id: u64, note: Option<&str>) -> Answer {
    tokio::task::yield_now().await;
    let _ = note;
    Err(Failure::Reset)
}

#[test]
fn a_subscriber_that_is_interested_gets_a_span_entered_per_poll_with_what_is_named() {
    let _none = Spans::none();
    let log = Log::of("level.debug", Level::DEBUG);
    tracing::subscriber::with_default(log.clone(), || {
        let mut call = Stepper::new(call(7, None));
        assert!(call.poll().is_pending());
        assert!(call.poll().is_ready());
        assert_eq!(trace::current(), None);
    });
    let lines = log.lines();
    assert_eq!(
        lines,
        [
            "new level.debug order.id=7",
            "enter",
            "exit",
            "enter",
            "exit",
            "enter",
            "event message=the call failed error=\"connection reset\"",
            "exit",
            "close"
        ]
    );
}

#[test]
fn the_line_that_tells_the_error_has_the_ids_of_the_span() {
    let spans = Spans::record();
    let log = Log::of("level.debug", Level::DEBUG);
    tracing::subscriber::with_default(log.clone(), || {
        let mut call = Stepper::new(call(7, None));
        while call.poll().is_pending() {}
        assert_eq!(trace::current(), None);
    });
    let span = spans.one("level.debug").context.span_id;
    let line = format!("event message=the call failed error=\"connection reset\" span_id={span}");
    assert!(log.lines().contains(&line), "{:?}", log.lines());
}

#[test]
fn one_that_is_not_interested_in_that_level_gets_none() {
    let spans = Spans::record();
    let log = Log::of("level.debug", Level::INFO);
    tracing::subscriber::with_default(log.clone(), || {
        let mut call = Stepper::new(call(7, Some("x")));
        while call.poll().is_pending() {}
    });
    assert_eq!(log.lines(), [""; 0]);
    assert_eq!(spans.named("level.debug").len(), 1);
}

#[test]
fn both_are_made_where_both_are_wanted_and_events_find_the_ids() {
    #[trace_span("level.both")]
    fn both() -> trace::SpanContext {
        trace::current().unwrap()
    }
    let spans = Spans::record();
    let log = Log::of("level.both", Level::INFO);
    let inside = tracing::subscriber::with_default(log.clone(), both);
    assert_eq!(log.lines(), ["new level.both", "enter", "exit", "close"]);
    assert_eq!(spans.one("level.both").context, inside);
}

#[test]
fn a_subscriber_that_comes_later_is_asked_and_one_that_goes_is_forgotten() {
    #[trace_span("level.later")]
    fn later() {}
    let _none = Spans::none();
    later();
    let log = Log::of("level.later", Level::INFO);
    tracing::subscriber::with_default(log.clone(), later);
    later();
    assert_eq!(log.lines(), ["new level.later", "enter", "exit", "close"]);
}
