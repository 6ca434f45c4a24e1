use mainstay::timeout;

#[timeout("1s")]
#[timeout("2s")]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
