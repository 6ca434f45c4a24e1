use mainstay::{circuit_breaker, timeout};

fn to_io(text: &str) -> std::io::Error {
    std::io::Error::other(text)
}

#[circuit_breaker]
#[timeout("1s", map_err = to_io)]
async fn call() -> Result<u32, std::io::Error> {
    Ok(1)
}

fn main() {}
