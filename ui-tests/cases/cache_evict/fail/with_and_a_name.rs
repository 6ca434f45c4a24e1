use mainstay::{cache_evict, cached::Cache};

struct Shop {
    users: Cache,
}

impl Shop {
    #[cache_evict("users", with = self.users, key = id)]
    async fn set(&self, id: u64) -> Result<u64, mainstay::Error> {
        Ok(id)
    }
}

fn main() {}
