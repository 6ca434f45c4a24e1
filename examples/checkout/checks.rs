//! What the shop's health is made of.

use std::sync::Arc;

use mainstay::health::{Health, HealthCheck};

use crate::service::Shop;

/// How many orders may wait before somebody should look.
const MANY: usize = 10_000;

/// While the breaker before the payment server is open, orders are taken and charged later: the shop is degraded, and ready.
#[derive(HealthCheck)]
#[check(breaker = "payments")]
pub struct Checks {
    /// Orders that wait to be charged.
    #[check(with = few_wait, on_fail = degraded)]
    pub outbox: Arc<Shop>,
}

async fn few_wait(shop: &Arc<Shop>) -> Health {
    let waiting = shop.payments.put_aside();
    let health =
        if waiting < MANY { Health::healthy() } else { Health::degraded("many orders wait to be charged") };
    health.with("waiting", i64::try_from(waiting).unwrap_or(i64::MAX))
}
