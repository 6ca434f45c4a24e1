//! A shop under load, for whoever looks at its page: functions under the usual attributes, one of whose dependencies has bad days.
#![allow(dead_code, reason = "each of those who include this uses a part of it")]

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use mainstay::{
    Classify, bulkhead, cached, circuit_breaker, fallback, idempotent, metered, rate_limit, retry, timeout,
};
use tokio::time::{Instant, sleep};

#[derive(Debug, Clone, Classify)]
pub enum ShopError {
    #[transient]
    Down,
    #[permanent]
    Refused,
    Policy(mainstay::Error),
}

impl From<mainstay::Error> for ShopError {
    fn from(error: mainstay::Error) -> Self {
        Self::Policy(error)
    }
}

static STARTED: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
static BAD: AtomicU64 = AtomicU64::new(0);

/// From now on so many of a hundred calls to the payment server fail.
pub fn weather(bad: u64) {
    BAD.store(bad, Ordering::Relaxed);
}

async fn work(least: u64, most: u64) {
    let micros = fastrand::u64(least * 1000..=most * 1000);
    let tail = if fastrand::u8(..) < 4 { 6 } else { 1 };
    sleep(Duration::from_micros(micros * tail)).await;
}

pub mod payments {
    use super::*;

    #[metered("charge", slo(ok = 99.0, p99 = "500ms"))]
    #[fallback(later)]
    #[idempotent("charges", key = order)]
    #[retry(max_attempts = 3, initial_delay = "20ms")]
    #[circuit_breaker("payments", failure_threshold = 8, timeout = "4s")]
    #[rate_limit("payments", "300/s", burst = 60, max_wait = "50ms")]
    #[bulkhead("payments", 32, max_wait = "20ms")]
    #[timeout("250ms")]
    pub async fn charge(order: u64) -> Result<u64, ShopError> {
        work(4, 30).await;
        if fastrand::u64(..100) < BAD.load(Ordering::Relaxed) { Err(ShopError::Down) } else { Ok(order) }
    }

    fn later(_: ShopError, order: u64) -> Result<u64, ShopError> {
        Ok(order)
    }

    #[metered]
    #[retry(max_attempts = 4, initial_delay = "50ms", jitter = full)]
    #[circuit_breaker("payments")]
    #[timeout("1s")]
    pub async fn refund(order: u64) -> Result<u64, ShopError> {
        work(10, 60).await;
        Ok(order)
    }
}

pub mod catalogue {
    use super::*;

    #[metered]
    #[cached("prices", ttl = "2s", key = sku)]
    #[timeout("80ms")]
    pub async fn price(sku: u64) -> Result<u64, ShopError> {
        work(2, 9).await;
        Ok(sku * 100)
    }

    #[metered]
    #[bulkhead("search", 8, max_wait = "5ms")]
    #[timeout("40ms")]
    pub async fn search(words: u64) -> Result<u64, ShopError> {
        work(3, 22).await;
        if words.is_multiple_of(97) { Err(ShopError::Refused) } else { Ok(words) }
    }
}

pub mod stock {
    use super::*;

    #[metered]
    #[retry(max_attempts = 2, initial_delay = "5ms")]
    #[circuit_breaker("warehouse", failure_rate = 0.5, window = 50, timeout = "10s")]
    pub async fn reserve(sku: u64) -> Result<u64, ShopError> {
        work(1, 6).await;
        if sku.is_multiple_of(40) { Err(ShopError::Down) } else { Ok(sku) }
    }

    #[rate_limit("recount", "5/s")]
    pub async fn recount(shelf: u64) -> Result<u64, ShopError> {
        work(1, 2).await;
        Ok(shelf)
    }
}

pub mod customers {
    use super::*;

    #[metered]
    #[cached("profiles", ttl = "30s", key = id)]
    #[circuit_breaker("directory", failure_threshold = 5)]
    // So long that no busy machine opens the breaker, which a test does.
    #[timeout("10s")]
    pub async fn profile(id: u64) -> Result<u64, ShopError> {
        work(5, 20).await;
        Ok(id)
    }

    #[rate_limit("mail", "20/s", key = id)]
    #[retry]
    pub async fn send_mail(id: u64) -> Result<u64, ShopError> {
        work(2, 4).await;
        Ok(id)
    }
}

/// Calls everything, about so many times a second, until it is dropped.
pub async fn load(orders_per_second: u64) {
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    let mut order = 0_u64;
    loop {
        ticks.tick().await;
        let wave = 1.0 + 0.5 * (order as f64 / 900.0).sin() + 0.2 * (order as f64 / 130.0).sin();
        // The wave goes on with the orders: without one it would stay where it is.
        let calls = (orders_per_second as f64 / 50.0 * wave).round().max(1.0) as u64;
        for _ in 0..calls {
            order += 1;
            let again = if order.is_multiple_of(9) { order - 5 } else { order };
            drop(tokio::spawn(async move {
                let _ = catalogue::search(order).await;
                let _ = catalogue::price(order % 50).await;
                let _ = customers::profile(order % 400).await;
                if order.is_multiple_of(2) {
                    let _ = stock::reserve(order / 2).await;
                    let _ = payments::charge(again).await;
                }
                if order.is_multiple_of(40) {
                    let _ = payments::refund(order).await;
                    let _ = stock::recount(order).await;
                    let _ = customers::send_mail(order % 7).await;
                }
            }));
        }
    }
}

/// Good days and bad days.
pub async fn seasons() {
    loop {
        for (bad, seconds) in [(1, 25), (70, 6), (30, 5), (2, 20)] {
            weather(bad);
            sleep(Duration::from_secs(seconds)).await;
        }
    }
}
