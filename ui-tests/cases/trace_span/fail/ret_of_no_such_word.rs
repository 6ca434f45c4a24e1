use mainstay::trace_span;

#[trace_span(ret = true)]
fn call() -> u32 {
    7
}

fn main() {}
