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

fn is_busy(code: &u32) -> bool {
    *code == 503
}

#[retry(retry_if = is_busy)]
fn call() -> Result<u32, Fault> {
    Err(Fault::Busy)
}

fn main() {}
