use mainstay::retry;

#[retry(max_atempts = 3)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
