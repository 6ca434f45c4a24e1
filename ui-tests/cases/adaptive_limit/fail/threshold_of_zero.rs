use mainstay::adaptive_limit;

#[adaptive_limit(algorithm = aimd, latency_threshold = "0s")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
