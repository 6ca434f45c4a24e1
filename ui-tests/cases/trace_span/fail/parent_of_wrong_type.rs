use mainstay::trace_span;

#[trace_span(parent = "root")]
fn call() {}

fn main() {}
