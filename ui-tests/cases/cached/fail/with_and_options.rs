use mainstay::{cached, cached::Cache};

struct Client {
    cache: Cache,
}

impl Client {
    #[cached(with = self.cache, ttl = "60s", stale_for = "10s")]
    async fn get(&self, id: u64) -> Result<u64, mainstay::Error> {
        Ok(id)
    }
}

fn main() {}
