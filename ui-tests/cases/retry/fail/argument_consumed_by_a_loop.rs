use mainstay::retry;

#[retry]
fn call(orders: Vec<String>) -> Result<usize, mainstay::Error> {
    let mut length = 0;
    for order in orders {
        length += order.len();
    }
    Ok(length)
}

fn main() {}
