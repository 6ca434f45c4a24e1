use mainstay::cached;

#[cached(ttl = "60s", on_store_error = closed)]
async fn get(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

#[cached(ttl = "60s", store = STORE, on_store_error = retry)]
async fn get_again(id: u64) -> Result<u64, mainstay::Error> {
    Ok(id)
}

fn main() {}
