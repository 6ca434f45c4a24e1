use mainstay::{Error, chaos};

#[chaos(latency_max = "1s")]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
