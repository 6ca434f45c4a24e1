use mainstay::retry;

#[retry]
fn call(order: String) -> Result<usize, mainstay::Error> {
    let sent = order;
    Ok(sent.len())
}

fn main() {}
