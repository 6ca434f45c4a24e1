use mainstay::{Error, cache_evict, cached, cached::Cache};

use crate::support::{Runs, s};

struct Shop {
    prices: Cache,
    runs: Runs,
}

impl Shop {
    #[cached(with = self.prices)]
    fn price(&self, id: u64) -> Result<u32, Error> {
        let _ = id;
        Ok(self.runs.next())
    }

    #[cache_evict(with = self.prices, key = id)]
    async fn set(&mut self, id: u64) -> Result<u64, Error> {
        self.runs = Runs::new();
        Ok(id)
    }
}

#[tokio::test]
async fn a_cache_of_ones_own_is_evicted_from() {
    let prices = Cache::builder().ttl(s(60)).build("prices").unwrap();
    let mut shop = Shop { prices, runs: Runs::new() };
    assert_eq!((shop.price(1), shop.price(2), shop.price(1)), (Ok(1), Ok(2), Ok(1)));
    assert_eq!(shop.set(1).await, Ok(1));
    assert_eq!((shop.price(2), shop.price(1)), (Ok(2), Ok(1)));
}
