use mainstay::throttle;

#[throttle(with = THROTTLE, k = 3)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
