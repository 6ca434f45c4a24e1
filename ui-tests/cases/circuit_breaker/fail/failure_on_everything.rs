use mainstay::circuit_breaker;

enum Fault {
    Busy,
    Policy(mainstay::Error),
}

impl From<mainstay::Error> for Fault {
    fn from(error: mainstay::Error) -> Self {
        Self::Policy(error)
    }
}

#[circuit_breaker(failure_on(_), ignore_on(fault))]
fn call() -> Result<u32, Fault> {
    Err(Fault::Busy)
}

fn main() {}
