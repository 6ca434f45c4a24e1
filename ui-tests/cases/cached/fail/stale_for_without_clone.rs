use mainstay::cached;

struct Client {
    region: u64,
}

impl Client {
    #[cached(ttl = "60s", stale_for = "10s", key = (self.region, id))]
    async fn get(&self, id: u64) -> Result<u64, mainstay::Error> {
        Ok(self.region + id)
    }
}

fn main() {}
