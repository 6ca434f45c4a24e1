use mainstay::throttle;

#[throttle(window = "500ms")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
