use mainstay::chaos;

#[chaos(error_rate = 0.5, enabled = true)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
