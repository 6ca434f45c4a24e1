use mainstay::throttle;

#[throttle(max_rejection_rate = 90)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
