use mainstay::{Error, chaos};

#[chaos(panic_rate = "often")]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
