use mainstay::hedge;

#[hedge(after = "50ms")]
async fn call(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
