use mainstay::trace_span;

#[trace_span(attributes(id = 1))]
fn call() {}

fn main() {}
