use mainstay::timeout;

#[timeout("2s", limit = "3s")]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
