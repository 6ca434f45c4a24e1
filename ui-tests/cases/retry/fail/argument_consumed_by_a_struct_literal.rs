use mainstay::retry;

struct Letter {
    text: String,
}

#[retry]
fn call(order: String) -> Result<Letter, mainstay::Error> {
    Ok(Letter { text: order })
}

fn main() {}
