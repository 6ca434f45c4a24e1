use mainstay::{Error, chaos};

#[chaos(seed = 18446744073709551616, error_rate = 0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
