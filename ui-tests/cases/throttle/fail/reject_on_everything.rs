use mainstay::throttle;

#[throttle(reject_on(error))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
