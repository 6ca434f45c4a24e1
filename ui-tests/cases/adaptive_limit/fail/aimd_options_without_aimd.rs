use mainstay::adaptive_limit;

#[adaptive_limit(backoff_ratio = 0.8, latency_threshold = "1s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
