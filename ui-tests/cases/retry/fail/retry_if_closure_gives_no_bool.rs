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

#[retry(retry_if = |fault| 5)]
fn call() -> Result<u32, Fault> {
    Err(Fault::Busy)
}

fn main() {}
