use mainstay::metered;

#[metered(slo(ok = 0.999))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
