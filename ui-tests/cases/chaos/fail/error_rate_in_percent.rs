use mainstay::{Error, chaos};

#[chaos(error_rate = 5)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
