use mainstay::{Error, chaos};

#[chaos(error_ratio = 0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
