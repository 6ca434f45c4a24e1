use mainstay::idempotent;

struct Utc;

impl Utc {
    fn now() -> Self {
        Self
    }

    fn timestamp(&self) -> i64 {
        0
    }
}

#[idempotent(key = Utc::now().timestamp())]
async fn call(id: u32) -> Result<u32, mainstay::Error> {
    let _ = id;
    Ok(1)
}

fn main() {}
