use mainstay::idempotent;

struct Uuid;

impl Uuid {
    fn new_v4() -> u32 {
        4
    }
}

#[idempotent(key = Uuid::new_v4().to_string())]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
