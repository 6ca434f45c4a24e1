use mainstay::{Error, chaos};

#[chaos(error = 7, error_rate = 0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
