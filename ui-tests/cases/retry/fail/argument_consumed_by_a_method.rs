use mainstay::retry;

#[retry]
fn call(order: String) -> Result<usize, mainstay::Error> {
    Ok(order.into_bytes().len())
}

fn main() {}
