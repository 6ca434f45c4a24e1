use mainstay::{Error, timeout, timeout::Timeout};

#[timeout(with = limit, exact)]
async fn call(limit: &Timeout) -> Result<u32, Error> {
    let _ = limit;
    Ok(1)
}

fn main() {}
