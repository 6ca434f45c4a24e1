use std::sync::Arc;

use mainstay::{
    rate_limit,
    rate_limit::{KeyedRateLimiter, Rate, RateLimitConfig, RateLimiter},
};

use crate::support::{Answer, ms, wait_of};

fn limiter() -> RateLimiter {
    RateLimiter::builder(Rate::per_second(1)).build("limit.with").unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_field_gives_each_value_tokens_of_its_own() {
    struct Client {
        limiter: RateLimiter,
    }
    impl Client {
        #[rate_limit(with = self.limiter)]
        async fn get(&self) -> Answer {
            Ok(())
        }
        #[rate_limit(with = self.limiter)]
        fn get_sync(&mut self) -> Answer {
            Ok(())
        }
    }
    let (mut one, other) = (Client { limiter: limiter() }, Client { limiter: limiter() });
    assert_eq!(one.get().await, Ok(()));
    assert_eq!((wait_of(&one.get().await), wait_of(&one.get_sync())), (1000.0, 1000.0));
    assert_eq!(other.get().await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn an_arc_and_a_registered_one_are_shared() {
    struct Client {
        limiter: Arc<RateLimiter>,
    }
    impl Client {
        #[rate_limit(with = self.limiter)]
        async fn get(&self) -> Answer {
            Ok(())
        }
    }
    #[rate_limit(with = shared)]
    async fn call(shared: &'static RateLimiter) -> Answer {
        Ok(())
    }
    let one = Client { limiter: Arc::new(limiter()) };
    let other = Client { limiter: Arc::clone(&one.limiter) };
    one.get().await.unwrap();
    assert_eq!(wait_of(&other.get().await), 1000.0);

    let shared = RateLimiter::builder(Rate::per_second(1)).register("limit.with_registered").unwrap();
    call(shared).await.unwrap();
    assert_eq!(wait_of(&call(shared).await), 1000.0);
}

#[tokio::test(start_paused = true)]
async fn its_own_max_wait_is_followed_and_tokens_are_said_on_the_function() {
    #[rate_limit(with = limiter, tokens = count)]
    async fn call(limiter: &RateLimiter, count: f64) -> Answer {
        Ok(())
    }
    let patient = RateLimitConfig::new(Rate::per_second(1)).max_wait(ms(700)).build("limit.patient").unwrap();
    let start = tokio::time::Instant::now();
    call(&patient, 1.0).await.unwrap();
    call(&patient, 0.5).await.unwrap();
    assert_eq!(start.elapsed(), ms(500));
    assert_eq!(wait_of(&call(&patient, 0.75).await), 750.0);
}

#[tokio::test(start_paused = true)]
async fn with_a_key_it_is_a_limiter_per_key() {
    struct Client {
        limiter: KeyedRateLimiter,
    }
    impl Client {
        #[rate_limit(with = self.limiter, key = user)]
        async fn get(&self, user: &str) -> Answer {
            Ok(())
        }
    }
    let limiter = RateLimitConfig::new(Rate::per_second(1)).build_keyed("limit.with_keyed").unwrap();
    let client = Client { limiter };
    client.get("ann").await.unwrap();
    assert_eq!(wait_of(&client.get("ann").await), 1000.0);
    client.get("bob").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn its_rate_may_be_changed_while_it_runs() {
    #[rate_limit("limit.live", "1/s")]
    async fn call() -> Answer {
        Ok(())
    }
    call().await.unwrap();
    let live = mainstay::policies().rate_limiter("limit.live").unwrap();
    live.set_rate(Rate::per_second(10)).unwrap();
    assert_eq!(wait_of(&call().await), 100.0);
}
