use mainstay::hedge;

#[hedge(safe)]
fn call(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
