use mainstay::metered;

#[metered(slo(p99 = 250))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
