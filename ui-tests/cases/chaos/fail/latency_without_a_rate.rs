use mainstay::{Error, chaos};

#[chaos(latency = "200ms")]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
