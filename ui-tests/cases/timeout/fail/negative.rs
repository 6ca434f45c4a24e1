use mainstay::timeout;

#[timeout(-2)]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
