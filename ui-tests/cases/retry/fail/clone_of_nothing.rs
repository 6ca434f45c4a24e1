use mainstay::retry;

#[retry(clone())]
fn call(order: String) -> Result<usize, mainstay::Error> {
    Ok(order.len())
}

fn main() {}
