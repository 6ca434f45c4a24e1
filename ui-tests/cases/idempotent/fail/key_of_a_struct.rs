use mainstay::idempotent;

struct Order {
    id: u32,
}

#[idempotent(key = order)]
async fn call(order: Order) -> Result<u32, mainstay::Error> {
    Ok(order.id)
}

fn main() {}
