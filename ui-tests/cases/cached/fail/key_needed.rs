use mainstay::cached;

struct Page(u64);

#[cached(ttl = "60s")]
async fn get(Page(number): Page, _: u64) -> Result<u64, mainstay::Error> {
    Ok(number)
}

#[cached(ttl = "60s")]
async fn change(id: u64, counter: &mut u64) -> Result<u64, mainstay::Error> {
    *counter += 1;
    Ok(id)
}

fn main() {}
