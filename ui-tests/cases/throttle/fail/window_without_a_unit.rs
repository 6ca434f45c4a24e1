use mainstay::throttle;

#[throttle(window = 120)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
