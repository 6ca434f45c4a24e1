use mainstay::{Error, chaos};

#[chaos(seed = "seven", error_rate = 0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
