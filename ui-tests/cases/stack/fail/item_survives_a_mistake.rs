use mainstay::{retry, timeout};

#[retry(max_atempts = 3)]
#[timeout(2)]
pub async fn call(order: u32) -> Result<u32, mainstay::Error> {
    Ok(order)
}

struct Client;

impl Client {
    #[retry(max_attempts = 0)]
    async fn call(&self) -> Result<u32, mainstay::Error> {
        call(5).await
    }
}

async fn caller() -> Result<u32, mainstay::Error> {
    Client.call().await
}

fn main() {}
