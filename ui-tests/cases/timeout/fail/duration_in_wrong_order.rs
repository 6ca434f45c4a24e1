use mainstay::timeout;

#[timeout("30s1m")]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
