use mainstay::metered;

#[metered(labels(kind))]
fn call(kind: bool) -> Result<(), mainstay::Error> {
    let _ = kind;
    Ok(())
}

#[metered(labels())]
fn other() -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
