use mainstay::trace_span;

#[trace_span(attrs(id = id, "id" = 2))]
fn call(id: u64) {
    let _ = id;
}

fn main() {}
