use mainstay::cached;

static CACHE: u64 = 7;

#[cached(with = CACHE)]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
