use mainstay::metered;

#[metered(labels(user = name.clone()))]
fn greet(name: String) -> Result<(), mainstay::Error> {
    let _ = name;
    Ok(())
}

fn main() {}
