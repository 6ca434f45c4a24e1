use mainstay::trace_span;

#[trace_span(err(text))]
fn call() -> Result<u32, String> {
    Ok(7)
}

fn main() {}
