use mainstay::rate_limit;

#[rate_limit("100/s", tokens = name)]
fn call(name: String) -> Result<(), mainstay::Error> {
    let _ = name;
    Ok(())
}

fn main() {}
