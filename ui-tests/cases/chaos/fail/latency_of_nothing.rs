use mainstay::{Error, chaos};

#[chaos(latency = "0s", latency_rate = 0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
