use mainstay::trace_span;

struct Failure;

#[trace_span(err)]
async fn call() -> Result<u32, Failure> {
    Err(Failure)
}

fn main() {}
