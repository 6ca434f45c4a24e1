use mainstay::metered;

#[metered(labels(kind = true, kind = false))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
