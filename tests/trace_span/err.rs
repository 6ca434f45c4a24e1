use mainstay::{trace::Status, trace_span};
use mainstay_testkit::Spans;

use crate::support::{Answer, Failure, events, text};

#[trace_span("err.shown", err)]
async fn shown() -> Answer {
    Err(Failure::Reset)
}

#[trace_span("err.debug", err(debug))]
fn debugged() -> Answer {
    Err(Failure::Reset)
}

#[trace_span("err.typed")]
async fn typed(fails: bool) -> Answer {
    if fails { Err(Failure::Reset) } else { Ok(1) }
}

#[tokio::test(start_paused = true)]
async fn an_error_is_told_with_its_text_where_that_is_asked_for() {
    let spans = Spans::record();
    shown().await.unwrap_err();
    debugged().unwrap_err();
    let span = spans.one("err.shown");
    assert_eq!(span.status, Status::Error("connection reset".into()));
    assert_eq!(events(&span), ["exception"]);
    assert!(format!("{:?}", span.events[0]).contains("connection reset"));
    assert_eq!(spans.one("err.debug").status, Status::Error("Reset".into()));
}

#[tokio::test(start_paused = true)]
async fn without_it_only_the_type_of_the_error_is_told() {
    let spans = Spans::record();
    typed(true).await.unwrap_err();
    typed(false).await.unwrap();
    let both = spans.named("err.typed");
    let (failed, fine) = (&both[0], &both[1]);
    assert_eq!(failed.status, Status::Error("".into()));
    assert!(text(failed, "error.type").unwrap().ends_with("Failure"));
    assert_eq!((events(failed).len(), &fine.status, fine.attributes.len()), (0, &Status::Unset, 0));
}

#[test]
fn what_the_body_said_about_the_status_stands() {
    #[trace_span("err.said", err)]
    fn said() -> Answer {
        mainstay::trace::set_span_status(Status::Ok);
        mainstay::trace::add_span_attribute("error.type", "expected");
        Err(Failure::Reset)
    }
    let spans = Spans::record();
    said().unwrap_err();
    let span = spans.one("err.said");
    assert_eq!((&span.status, text(&span, "error.type").unwrap()), (&Status::Ok, "expected".to_owned()));
}
