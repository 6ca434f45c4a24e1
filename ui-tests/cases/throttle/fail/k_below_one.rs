use mainstay::throttle;

#[throttle(k = 0.5)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
