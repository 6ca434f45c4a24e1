use mainstay::cached;

#[cached(ttl = "60s")]
fn first(text: &str) -> Result<&str, mainstay::Error> {
    Ok(&text[..1])
}

fn main() {}
