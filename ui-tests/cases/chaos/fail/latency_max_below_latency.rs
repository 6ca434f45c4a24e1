use mainstay::{Error, chaos};

#[chaos(latency = "2s", latency_max = "1s", latency_rate = 0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
