use std::time::Duration;

use mainstay::{Error, cached, chaos, fallback, hedge, idempotent, testing};

#[tokio::test]
async fn hits_replays_and_fallbacks_are_counted() {
    #[fallback("counted.price", |_| Ok(0))]
    #[cached("counted.price", key = id, ttl = "1m")]
    #[chaos("counted.price")]
    async fn price(id: u32) -> Result<u32, Error> {
        Ok(id * 10)
    }
    #[idempotent("counted.pay", key = id)]
    #[chaos("counted.pay")]
    async fn pay(id: u32) -> Result<u32, Error> {
        Ok(id)
    }
    let scope = testing::scope_of(["counted.price", "counted.pay"]);
    scope.chaos("counted.price").fail(1);
    assert_eq!((price(1).await, price(1).await, price(1).await), (Ok(0), Ok(10), Ok(10)));
    scope.assert("counted.price").attempts(2).fell_back(1).hits(1);
    assert_eq!((pay(7).await, pay(7).await), (Ok(7), Ok(7)));
    scope.assert("counted.pay").attempts(1).replayed(1);
}

#[tokio::test(start_paused = true)]
async fn hedges_are_counted_and_win_where_the_primary_is_late() {
    #[hedge("counted.hedge", after = "20ms", safe)]
    #[chaos("counted.hedge")]
    async fn read(id: u32) -> Result<u32, Error> {
        Ok(id)
    }
    let scope = testing::scope_of(["counted.hedge"]);
    scope.chaos("counted.hedge").delay(1, Duration::from_secs(1));
    assert_eq!(read(7).await, Ok(7));
    assert_eq!(scope.elapsed(), Duration::from_millis(20));
    scope.assert("counted.hedge").attempts(2).hedges(1).reading("won", 1);
}
