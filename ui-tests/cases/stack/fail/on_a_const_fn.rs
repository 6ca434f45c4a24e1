use mainstay::retry;

#[retry]
const fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
