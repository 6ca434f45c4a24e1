use mainstay::trace_span;

#[trace_span(err)]
fn call() -> u32 {
    7
}

fn main() {}
