use mainstay::timeout;

#[timeout("2s", blocking = thread)]
fn call(to: &str, from: &str) -> Result<(), mainstay::Error> {
    let _ = (to, from);
    Ok(())
}

fn main() {}
