use mainstay::{Error, chaos};

#[chaos(error_rate = 0.1)]
#[chaos(panic_rate = 0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
