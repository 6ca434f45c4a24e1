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

fn is_busy(fault: Fault) -> bool {
    matches!(fault, Fault::Busy)
}

#[retry(retry_if = is_busy)]
fn call() -> Result<u32, Fault> {
    Err(Fault::Busy)
}

fn main() {}
