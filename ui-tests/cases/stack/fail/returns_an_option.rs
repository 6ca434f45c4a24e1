use mainstay::{retry, timeout};

#[retry]
#[timeout("1s")]
async fn call() -> Option<u32> {
    None
}

fn main() {}
