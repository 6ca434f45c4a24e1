use mainstay::{Error, chaos};

#[chaos(error_rate = share)]
fn call(share: f64) -> Result<(), Error> {
    drop(share);
    Ok(())
}

fn main() {}
