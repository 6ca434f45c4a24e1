use mainstay::trace_span;

#[trace_span(CALL)]
fn call() {}

fn main() {}
