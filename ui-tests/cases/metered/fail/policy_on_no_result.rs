use mainstay::{bulkhead, metered};

#[metered]
#[bulkhead(1)]
fn call() -> u32 {
    1
}

fn main() {}
