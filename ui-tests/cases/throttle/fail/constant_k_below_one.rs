use mainstay::throttle;

#[throttle(k = 1.0 / 2.0)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
