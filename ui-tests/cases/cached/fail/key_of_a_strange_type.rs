use mainstay::cached;

struct User {
    id: u64,
}

#[cached(ttl = "60s")]
async fn get(user: &User) -> Result<u64, mainstay::Error> {
    Ok(user.id)
}

#[cached(ttl = "60s", key = amount * 2.0)]
async fn get_by_an_amount(amount: f64) -> Result<u64, mainstay::Error> {
    Ok(amount as u64)
}

fn main() {}
