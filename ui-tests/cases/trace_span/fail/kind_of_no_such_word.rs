use mainstay::trace_span;

#[trace_span(kind = sever)]
fn call() {}

fn main() {}
