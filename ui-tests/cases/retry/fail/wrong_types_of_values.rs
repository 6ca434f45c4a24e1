use mainstay::retry;

#[retry(
    max_attempts = "three",
    initial_delay = true,
    exponential_base = "2",
    backoff = "linear",
    jitter = half,
    retry_if = 5,
    name = 7
)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
