use mainstay::trace_span;

struct Order;

#[trace_span(ret)]
async fn call() -> Result<Order, String> {
    Ok(Order)
}

fn main() {}
