use mainstay::timeout;

#[timeout("2s", blocking = thread)]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
