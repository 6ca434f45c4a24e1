//! A constant and an argument are no misspelt words, however near to one they are.

use mainstay::{Error, adaptive_limit::Priority};

const NORMALS: Priority = Priority::Normal;

#[mainstay::adaptive_limit("a", priority = NORMALS)]
fn constant() -> Result<(), Error> {
    Ok(())
}

#[mainstay::adaptive_limit("b", priority = normally)]
fn argument(normally: Priority) -> Result<(), Error> {
    let _ = normally;
    Ok(())
}

fn main() {
    assert_eq!((constant(), argument(Priority::Critical)), (Ok(()), Ok(())));
}
