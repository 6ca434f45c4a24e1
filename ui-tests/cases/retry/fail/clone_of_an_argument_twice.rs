use mainstay::retry;

#[retry(clone(order, order))]
fn call(order: String) -> Result<usize, mainstay::Error> {
    Ok(order.len())
}

fn main() {}
