use mainstay::throttle;

#[throttle(window = far)]
fn call(far: std::time::Duration) -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
