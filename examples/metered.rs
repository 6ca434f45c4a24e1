//! Counts, times and labels calls, and serves the numbers.
//!
//! `cargo run --example metered --features prometheus`, and meanwhile `curl localhost:9090/metrics`.

use std::time::Duration;

use mainstay::{
    Error, circuit_breaker, metered,
    metered::slo_rules,
    metrics::{LabelValue, increment_counter, set_gauge},
    prometheus::{BuildInfo, MetricsServer},
    retry, time_it,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, LabelValue)]
enum Payment {
    Card,
    BankTransfer,
}

#[metered("orders.pay", labels(by = by), slo(ok = 99.0, p99 = "100ms"))]
#[retry(max_attempts = 3, initial_delay = "5ms")]
#[circuit_breaker("bank", failure_rate = 0.9, window = 100)]
async fn pay(by: Payment, order: u32) -> Result<u32, Error> {
    query(order).await;
    match order % 5 {
        0 => Err(Error::timed_out("bank", Duration::from_millis(10))),
        _ => Ok(order),
    }
}

#[time_it("database.query")]
async fn query(order: u32) {
    tokio::time::sleep(Duration::from_millis(u64::from(order % 7))).await;
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let info = BuildInfo::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    let serving = MetricsServer::new().build_info(info).start_in_background()?;
    println!("metrics at http://{}/metrics; rules for Prometheus:\n\n{}", serving.address(), slo_rules());

    for order in 0..200 {
        let by = if order % 3 == 0 { Payment::BankTransfer } else { Payment::Card };
        if pay(by, order).await.is_err() {
            increment_counter("orders.unpaid", &[("shop", "north")]);
        }
        set_gauge("orders.last", f64::from(order));
    }
    serving.stop();
    Ok(())
}
