use mainstay::chaos;

struct Foreign;

#[chaos(error_rate = 0.1)]
fn call() -> Result<(), Foreign> {
    Ok(())
}

fn main() {}
