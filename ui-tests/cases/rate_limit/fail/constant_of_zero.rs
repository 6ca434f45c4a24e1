use mainstay::rate_limit;

const BURST: u32 = 0;

#[rate_limit("100/s", burst = BURST)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
