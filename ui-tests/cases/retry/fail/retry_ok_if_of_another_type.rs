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

fn is_empty(list: &Vec<u8>) -> bool {
    list.is_empty()
}

#[retry(retry_ok_if = is_empty)]
fn call() -> Result<u32, Fault> {
    Ok(1)
}

fn main() {}
