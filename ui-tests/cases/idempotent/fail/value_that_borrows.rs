use mainstay::idempotent;

#[idempotent(key = text)]
fn call(text: &str) -> Result<&str, mainstay::Error> {
    Ok(text)
}

fn main() {}
