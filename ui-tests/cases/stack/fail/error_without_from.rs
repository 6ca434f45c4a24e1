use mainstay::{bulkhead, circuit_breaker, rate_limit, timeout};

#[derive(Debug)]
enum Fault {
    Busy,
}

#[circuit_breaker]
#[rate_limit("10/s", max_wait = "1s")]
#[bulkhead(5, max_wait = "1s")]
#[timeout("1s")]
async fn call() -> Result<u32, Fault> {
    Err(Fault::Busy)
}

fn main() {}
