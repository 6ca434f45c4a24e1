use mainstay::{Error, chaos};

#[chaos(error_rate = 0.6, panic_rate = 0.5)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
