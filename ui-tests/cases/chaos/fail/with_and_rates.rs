use mainstay::{Error, chaos};

use std::sync::LazyLock;

static FAULTS: LazyLock<chaos::Chaos> = LazyLock::new(|| todo!());

#[chaos(with = FAULTS, error_rate = 0.1)]
fn call() -> Result<(), Error> {
    Ok(())
}

fn main() {}
