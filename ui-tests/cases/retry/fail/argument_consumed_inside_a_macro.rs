use mainstay::retry;

#[retry]
fn call(order: String) -> Result<usize, mainstay::Error> {
    Ok(vec![order].len())
}

fn main() {}
