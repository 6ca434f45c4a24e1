use mainstay::cached;

#[cached]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

#[cached("60s")]
async fn get_by_a_bare_time(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
