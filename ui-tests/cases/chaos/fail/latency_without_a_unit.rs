use mainstay::{Error, chaos};

#[chaos(latency = 200, latency_rate = 0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
