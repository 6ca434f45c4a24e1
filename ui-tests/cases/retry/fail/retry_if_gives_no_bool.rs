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

fn code(_: &Fault) -> u32 {
    503
}

#[retry(retry_if = code)]
fn call() -> Result<u32, Fault> {
    Err(Fault::Busy)
}

fn main() {}
