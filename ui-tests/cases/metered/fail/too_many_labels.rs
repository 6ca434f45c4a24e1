use mainstay::metered;

#[metered(labels(a = true, b = true, c = true, d = true, e = true, f = true, g = true))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
