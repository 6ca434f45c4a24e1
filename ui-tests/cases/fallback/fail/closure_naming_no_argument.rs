use mainstay::fallback;

#[fallback(|error, oder| Ok(()))]
fn call(order: u32) -> Result<(), mainstay::Error> {
    let _ = order;
    Ok(())
}

fn main() {}
