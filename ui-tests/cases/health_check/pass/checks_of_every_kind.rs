#![deny(warnings)]

use std::sync::Arc;

use mainstay::{
    health::{Health, HealthCheck, HealthStatus, LocalCheck},
    health_check,
};

pub struct Pool;

impl HealthCheck for Pool {
    async fn check(&self) -> Health {
        Health::healthy()
    }
}

pub struct Queue;

impl HealthCheck for Queue {
    async fn check(&self) -> Health {
        HealthStatus::Degraded.into()
    }
}

impl LocalCheck for Queue {}

#[health_check]
async fn database() -> Result<(), std::io::Error> {
    Ok(())
}

#[health_check("queue", live, ready, timeout = "10ms", cache = "1s", on_fail = degraded)]
fn has_room() -> bool {
    true
}

fn is_open(pool: &Pool) -> bool {
    let _ = pool;
    true
}

#[derive(HealthCheck)]
#[check(breaker = "payments")]
pub struct Deps<T> {
    pool: Arc<Pool>,
    #[check(live)]
    queue: Queue,
    #[check(with = is_open, timeout = "1s")]
    other: Pool,
    generic: Option<T>,
    private: Private,
    #[check(skip)]
    _name: String,
}

#[derive(HealthCheck)]
struct Private {
    #[check(live)]
    queue: Queue,
}

pub struct Orders;

#[health_check]
impl Orders {
    #[check(live)]
    fn is_open(&self) -> bool {
        true
    }

    #[check]
    async fn size() -> Health {
        Health::healthy()
    }
}

fn main() {
    let deps = Deps { pool: Arc::new(Pool), queue: Queue, other: Pool, generic: Some(Pool), private: Private { queue: Queue }, _name: String::new() };
    mainstay::health::checks().add(deps).add_as("orders", Orders);
}
