use mainstay::{Error, chaos};

fn foreign(error: Error) -> Error {
    error
}

#[chaos(error = Error::injected("call", 1), map_err = foreign)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
