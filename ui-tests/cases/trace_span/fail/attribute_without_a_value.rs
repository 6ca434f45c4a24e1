use mainstay::trace_span;

#[trace_span(attrs(id, order.id))]
fn call(id: u64) {
    let _ = id;
}

fn main() {}
