use mainstay::{bulkhead, circuit_breaker, retry, timeout};

struct Receipt;

#[retry]
#[circuit_breaker]
#[bulkhead(5)]
#[timeout("1s")]
async fn call() -> Receipt {
    Receipt
}

fn main() {}
