use mainstay::trace_span;

#[trace_span]
#[mainstay::bulkhead(10)]
fn call() -> u32 {
    7
}

fn main() {}
