use mainstay::{Error, chaos};

const SHARE: f64 = 0.6;

#[chaos(error_rate = SHARE, panic_rate = SHARE)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
