use mainstay::metered;

#[metered(slo(ok = 100))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
