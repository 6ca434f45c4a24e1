use mainstay::retry;

fn send(order: String) -> usize {
    order.len()
}

#[retry]
fn call(order: String) -> Result<usize, mainstay::Error> {
    Ok(send(order))
}

fn main() {}
