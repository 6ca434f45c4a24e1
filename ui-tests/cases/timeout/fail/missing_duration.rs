use mainstay::timeout;

#[timeout]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
