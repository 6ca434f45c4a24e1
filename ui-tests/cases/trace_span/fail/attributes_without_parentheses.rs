use mainstay::trace_span;

#[trace_span(attrs = 1)]
fn call() {}

fn main() {}
