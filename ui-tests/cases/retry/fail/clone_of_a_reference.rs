use mainstay::retry;

#[retry(clone(order))]
fn call(order: &str) -> Result<usize, mainstay::Error> {
    Ok(order.len())
}

fn main() {}
