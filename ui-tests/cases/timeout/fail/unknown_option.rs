use mainstay::timeout;

#[timeout("2s", bloking = thread)]
async fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
