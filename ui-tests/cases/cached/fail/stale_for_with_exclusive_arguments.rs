use mainstay::cached;

struct Client {
    asked: u64,
}

impl Client {
    #[cached(ttl = "60s", stale_for = "10s")]
    async fn get(&mut self, id: u64) -> Result<u64, mainstay::Error> {
        self.asked += 1;
        Ok(id)
    }
}

#[cached(ttl = "60s", stale_for = "10s", key = id)]
async fn count(id: u64, counter: &mut u64) -> Result<u64, mainstay::Error> {
    *counter += 1;
    Ok(id)
}

#[cached(ttl = "60s", stale_for = "10s", key = id)]
async fn lent(id: u64, names: Vec<&str>) -> Result<u64, mainstay::Error> {
    Ok(id + names.len() as u64)
}

fn main() {}
