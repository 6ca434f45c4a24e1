use mainstay::retry;

#[retry(retry_on = Error::Busy, clone = order)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
