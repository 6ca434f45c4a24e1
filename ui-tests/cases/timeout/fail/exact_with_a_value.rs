use mainstay::timeout;

#[timeout("2s", exact = true)]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
