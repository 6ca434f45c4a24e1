use mainstay::retry;

#[retry(clone(oder))]
fn call(order: String) -> Result<usize, mainstay::Error> {
    Ok(order.len())
}

fn main() {}
