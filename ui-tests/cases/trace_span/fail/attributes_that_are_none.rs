use mainstay::trace_span;

#[trace_span(attrs())]
fn call() {}

fn main() {}
