use mainstay::throttle;

#[throttle(rejection_rate = 0.5)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
