//! Checks that answer, fail and hang, and what they say together.
//!
//! `cargo run --example health`

use std::time::Duration;

use mainstay::{
    circuit_breaker::CircuitBreaker,
    health::{Health, HealthCheck, Load, LocalCheck, Memory, Probe, checks},
    health_check,
};

/// A pool of connections to a database that hangs.
struct Pool;

impl HealthCheck for Pool {
    async fn check(&self) -> Health {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        Health::healthy()
    }
}

/// Within the process, and so good enough for liveness.
struct Queue {
    waiting: usize,
    room: usize,
}

impl HealthCheck for Queue {
    async fn check(&self) -> Health {
        match self.waiting < self.room {
            true => Health::healthy().with("waiting", self.waiting),
            false => Health::unhealthy("the queue is full"),
        }
    }
}

impl LocalCheck for Queue {}

#[derive(HealthCheck)]
#[check(breaker = "payments")]
struct Deps {
    #[check(timeout = "50ms")]
    database: Pool,
    #[check(live, ready)]
    queue: Queue,
    memory: Memory,
    #[check(on_fail = degraded)]
    load: Load,
}

#[health_check(on_fail = degraded)]
async fn search() -> Result<(), std::io::Error> {
    Err(std::io::Error::other("connection refused"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    CircuitBreaker::builder().register("payments")?.force_open();
    checks().add(Deps {
        database: Pool,
        queue: Queue { waiting: 3, room: 100 },
        memory: Memory::new(),
        load: Load::new(),
    });
    println!("not installed yet: {}", checks().report_async(Probe::Ready).await.status);
    checks().installed();
    for probe in [Probe::Live, Probe::Ready] {
        let report = checks().report_async(probe).await;
        println!("\n{probe}: {} ({})", report.status, report.http_status());
        for check in &report.checks {
            let reason = check.reason.as_deref().unwrap_or_default();
            println!("  {:16} {:9} {:>10.1?}  {reason}", check.name, check.status, check.duration);
        }
        println!("{}", report.to_json());
    }
    Ok(())
}
