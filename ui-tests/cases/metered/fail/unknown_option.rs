use mainstay::metered;

#[metered(label(kind = true))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

#[metered(bucket = [0.1])]
fn other() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
