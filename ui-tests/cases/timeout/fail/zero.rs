use mainstay::timeout;

#[timeout("0s")]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
