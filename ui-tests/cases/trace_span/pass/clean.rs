#![deny(warnings)]

use mainstay::{retry, trace::SpanContext, trace_span};

#[trace_span("orders", level = debug, kind = server, parent = parent, attrs(order.id = id, note = ?note), err, ret)]
#[retry]
pub async fn all(id: u64, note: Option<&str>, parent: Option<SpanContext>) -> Result<u64, mainstay::Error> {
    let _ = note;
    Ok(id)
}

#[trace_span]
pub fn nothing() {}

#[trace_span]
#[must_use]
pub fn borrowed<'a>(one: &'a str, _other: &str) -> &'a str {
    one
}

#[trace_span(attrs(length = text.len()))]
pub async fn consumed(text: String) -> String {
    text
}

fn main() {
    nothing();
    let _ = (borrowed("a", "b"), consumed(String::new()), all(1, None, None));
}
