use mainstay::throttle;

#[throttle(reject_if = |error: &u32| *error > 4)]
fn call() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
