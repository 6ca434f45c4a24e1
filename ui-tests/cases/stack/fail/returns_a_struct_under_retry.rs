use mainstay::{fallback, retry};

struct Receipt;

#[fallback(|_| Receipt)]
#[retry]
fn call() -> Receipt {
    Receipt
}

fn main() {}
