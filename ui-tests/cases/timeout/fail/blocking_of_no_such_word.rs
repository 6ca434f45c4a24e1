use mainstay::timeout;

#[timeout("2s", blocking = "task")]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
