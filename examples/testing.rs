//! What a test of a protected function looks like. Run its tests, or the program to see a story:
//!
//! ```text
//! cargo test --features testing --example testing
//! cargo run  --features testing --example testing
//! ```

use mainstay::{Error, chaos, circuit_breaker, fallback, retry, testing, timeout};

#[fallback("shop.price", |_| Ok(990))]
#[retry("shop.price", max_attempts = 4, initial_delay = "200ms", jitter = none)]
#[circuit_breaker("shop.price", failure_threshold = 5)]
#[timeout("shop.price", "1s")]
#[chaos("shop.price")]
async fn price(_article: u32) -> Result<u32, Error> {
    Ok(1250)
}

/// What a failing assertion would print, of a call that has a bad day.
fn main() {
    testing::run(async |scope| {
        scope.chaos("shop.price").fail(1).hang(1).delay(1, std::time::Duration::from_millis(300));
        println!("{:?} after {:?}", price(7).await, scope.elapsed());
        print!("{}", scope.story());
    });
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn one_failure_is_ridden_out() {
        let scope = testing::scope_of(["shop.price"]);
        scope.chaos("shop.price").fail(1);
        assert_eq!(price(7).await, Ok(1250));
        scope.assert("shop.price").attempts(2).retries(1).fell_back(0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_dependency_takes_its_time_and_then_the_list_price_is_given() {
        let scope = testing::scope_of(["shop.price"]);
        scope.chaos("shop.price").hang_for_good();
        assert_eq!(price(7).await, Ok(990));
        // Four time-outs of a second, and waits of 0.2, 0.4 and 0.8.
        assert_eq!(scope.elapsed(), Duration::from_millis(4000 + 200 + 400 + 800));
        scope.assert("shop.price").attempts(4).timed_out(4).exhausted(1).fell_back(1).opened(0);
    }

    #[test]
    fn an_open_breaker_lets_nothing_through() {
        testing::run(async |scope| {
            scope.open_breaker("shop.price");
            assert_eq!(price(7).await, Ok(990));
            scope.assert("shop.price").attempts(0).refused(1).fell_back(1);
        });
    }

    #[tokio::test]
    async fn three_failures_are_ridden_out() {
        let scope = testing::scope_of(["shop.price"]);
        scope.chaos("shop.price").fail(3);
        assert_eq!(price(7).await, Ok(1250));
        scope.assert("shop.price").attempts(4).retries(3);
    }
}
