use mainstay::retry;

#[retry]
fn call() {
    let _ = 5;
}

fn main() {}
