use mainstay::idempotent;

#[idempotent(key = id)]
async fn call(id: u32) -> u32 {
    id
}

fn main() {}
