use mainstay::cached;

#[cached(ttl = "60s")]
fn get(id: u64) -> u64 {
    id
}

fn main() {}
