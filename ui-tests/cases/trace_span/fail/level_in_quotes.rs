use mainstay::trace_span;

#[trace_span(level = "debug")]
fn call() {}

fn main() {}
