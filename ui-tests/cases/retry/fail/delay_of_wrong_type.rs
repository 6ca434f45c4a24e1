use mainstay::retry;

#[retry(initial_delay = seconds)]
fn call(seconds: u64) -> Result<u64, mainstay::Error> {
    Ok(seconds)
}

fn main() {}
