use mainstay::timeout;

#[timeout("2s", retries = 3)]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
