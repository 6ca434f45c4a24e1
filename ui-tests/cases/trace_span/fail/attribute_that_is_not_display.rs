use mainstay::trace_span;

struct Order;

#[trace_span(attrs(order = %order))]
fn call(order: &Order) {
    let _ = order;
}

fn main() {}
