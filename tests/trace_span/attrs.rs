use std::cell::Cell;

use mainstay::{trace::Sampler, trace_span};
use mainstay_testkit::Spans;

use crate::support::text;

struct Opaque(u8);

impl std::fmt::Display for Opaque {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "opaque {}", self.0)
    }
}

#[trace_span(
    "attrs.all",
    attrs("http.route" = "/orders", order.id = id, note = note, many = items.len(), shown = %Opaque(1), seen = ?Some(2))
)]
fn all(id: u64, note: Option<&str>, items: Vec<u8>) -> usize {
    items.into_iter().map(usize::from).sum::<usize>() + id as usize + note.map_or(0, str::len)
}

#[trace_span("attrs.async", attrs(id = id, text = text))]
async fn moved(id: u64, text: String) -> String {
    format!("{id} {text}")
}

#[test]
fn what_is_named_is_recorded_before_the_body_has_the_arguments() {
    let spans = Spans::record();
    assert_eq!(all(7, None, vec![1, 2]), 10);
    let span = spans.one("attrs.all");
    let keys: Vec<_> = span.attributes.iter().map(|attribute| &*attribute.key).collect();
    assert_eq!(keys, ["http.route", "order.id", "many", "shown", "seen"]);
    assert_eq!(text(&span, "http.route").unwrap(), "/orders");
    assert_eq!(text(&span, "order.id").unwrap(), "7");
    assert_eq!(text(&span, "many").unwrap(), "2");
    assert_eq!(text(&span, "shown").unwrap(), "opaque 1");
    assert_eq!(text(&span, "seen").unwrap(), "Some(2)");
}

#[tokio::test(start_paused = true)]
async fn an_async_call_records_its_arguments_although_they_are_moved() {
    let spans = Spans::record();
    assert_eq!(moved(7, "seven".to_owned()).await, "7 seven");
    let span = spans.one("attrs.async");
    assert_eq!(text(&span, "text").unwrap(), "seven");
}

#[test]
fn nothing_is_evaluated_for_a_span_that_is_not_recorded() {
    #[trace_span("attrs.lazy", attrs(count = { count.set(count.get() + 1); 1 }))]
    fn lazy(count: &Cell<u32>) {}
    let count = Cell::new(0);
    {
        let _none = Spans::none();
        lazy(&count);
    }
    let off = Spans::sampled(Sampler::always_off());
    lazy(&count);
    assert_eq!(count.get(), 0);
    drop(off);
    let spans = Spans::record();
    lazy(&count);
    assert_eq!(count.get(), 1);
    assert_eq!(spans.named("attrs.lazy").len(), 1);
}

#[test]
fn nothing_is_recorded_unless_it_is_named() {
    #[trace_span("attrs.none")]
    fn login(user: &str, password: &str) -> Result<usize, String> {
        Err(format!("{user} {password}"))
    }
    let spans = Spans::record();
    login("ann", "secret").unwrap_err();
    assert!(!format!("{:?}", spans.one("attrs.none")).contains("secret"));
}
