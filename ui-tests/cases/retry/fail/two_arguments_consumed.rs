use mainstay::retry;

fn send(order: String) -> usize {
    order.len()
}

#[retry]
fn call(order: String, address: String) -> Result<usize, mainstay::Error> {
    Ok(send(order) + send(address))
}

fn main() {}
