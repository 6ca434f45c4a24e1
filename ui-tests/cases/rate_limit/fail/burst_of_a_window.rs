use mainstay::rate_limit;

#[rate_limit("100/s", algorithm = sliding_window, burst = 10, initial = 5)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
