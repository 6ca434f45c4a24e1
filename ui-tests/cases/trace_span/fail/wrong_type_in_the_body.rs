use mainstay::trace_span;

#[trace_span]
async fn call() -> u32 {
    "seven"
}

#[trace_span]
fn other() -> u32 {
    "seven"
}

fn main() {}
