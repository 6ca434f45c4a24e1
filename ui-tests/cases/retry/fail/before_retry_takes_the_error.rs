use mainstay::retry;

enum Fault {
    Busy,
    Policy(mainstay::Error),
}

impl From<mainstay::Error> for Fault {
    fn from(error: mainstay::Error) -> Self {
        Self::Policy(error)
    }
}

fn warn(_: &Fault) {}

#[retry(before_retry = warn)]
fn call() -> Result<u32, Fault> {
    Ok(1)
}

fn main() {}
