use mainstay::timeout;

#[timeout(duration = "2s")]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
