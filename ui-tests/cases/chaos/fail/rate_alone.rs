use mainstay::{Error, chaos};

#[chaos(0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
