use mainstay::adaptive_limit;

#[adaptive_limit(priority = urgency)]
fn call(urgency: u8) -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
