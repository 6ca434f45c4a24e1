use mainstay::{Error, chaos};

#[chaos(drop_rate = 0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
