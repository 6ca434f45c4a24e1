use mainstay::throttle;

#[throttle(minimum_calls = 0)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
