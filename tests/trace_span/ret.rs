use mainstay::trace_span;
use mainstay_testkit::Spans;

use crate::support::{Answer, Failure, text};

#[trace_span("ret.result", ret)]
async fn result(fails: bool) -> Answer<&'static str> {
    if fails { Err(Failure::Reset) } else { Ok("seven") }
}

#[trace_span("ret.plain", ret(display))]
fn plain() -> &'static str {
    "seven"
}

#[tokio::test(start_paused = true)]
async fn what_is_given_is_recorded_where_it_is_asked_for() {
    let spans = Spans::record();
    result(false).await.unwrap();
    result(true).await.unwrap_err();
    plain();
    let both = spans.named("ret.result");
    assert_eq!(text(&both[0], "mainstay.return").unwrap(), "\"seven\"");
    assert_eq!(text(&both[1], "mainstay.return"), None);
    assert_eq!(text(&spans.one("ret.plain"), "mainstay.return").unwrap(), "seven");
}
