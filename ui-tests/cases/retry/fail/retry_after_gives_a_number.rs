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

fn seconds(_: &Fault) -> u32 {
    5
}

#[retry(retry_after = seconds)]
fn call() -> Result<u32, Fault> {
    Ok(1)
}

fn main() {}
