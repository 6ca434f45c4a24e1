use mainstay::{Error, chaos};

#[chaos(after = true, error_rate = 0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
