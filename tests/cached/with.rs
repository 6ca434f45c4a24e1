use std::sync::LazyLock;

use mainstay::{Error, cached, cached::Cache};

use crate::support::{Runs, s};

struct Shop {
    prices: Cache,
    runs: Runs,
}

impl Shop {
    fn new(ttl: u64) -> Self {
        let prices = Cache::builder().ttl(s(ttl)).jitter(0.0).build("prices").unwrap();
        Self { prices, runs: Runs::new() }
    }

    #[cached(with = self.prices)]
    async fn price(&self, id: u64) -> Result<u32, Error> {
        let _ = id;
        Ok(self.runs.next())
    }
}

#[tokio::test(start_paused = true)]
async fn each_instance_has_a_cache_of_its_own() {
    let (first, second) = (Shop::new(10), Shop::new(20));
    assert_eq!((first.price(1).await, first.price(1).await, second.price(1).await), (Ok(1), Ok(1), Ok(1)));
    tokio::time::advance(s(10)).await;
    assert_eq!((first.price(1).await, second.price(1).await), (Ok(2), Ok(1)));
    assert_eq!((first.prices.hits(), first.prices.loads()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn its_own_stale_for_lets_the_first_caller_refresh_and_the_others_go_on() {
    static CACHE: LazyLock<Cache> =
        LazyLock::new(|| Cache::builder().ttl(s(10)).jitter(0.0).stale_for(s(60)).build("shared").unwrap());
    static RUNS: Runs = Runs::new();
    #[cached(with = CACHE)]
    async fn get(id: u64) -> Result<u32, Error> {
        tokio::time::sleep(s(id)).await;
        Ok(RUNS.next())
    }
    assert_eq!(get(1).await, Ok(1));
    tokio::time::advance(s(10)).await;
    assert_eq!(tokio::join!(get(1), get(1), get(1)), (Ok(2), Ok(1), Ok(1)));
}
