use mainstay::throttle;

#[throttle(k = "2")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
