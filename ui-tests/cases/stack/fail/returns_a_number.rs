use mainstay::retry;

#[retry]
fn call() -> u32 {
    5
}

fn main() {}
