use mainstay::metered;

#[metered(slo(p42 = "1s"))]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
