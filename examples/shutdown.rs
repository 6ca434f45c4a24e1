//! A program with work in flight, a loop and handlers, one of which hangs. Stop it with Ctrl+C, or let it stop itself.
//!
//! ```text
//! cargo run --example shutdown
//! ```

use std::time::Duration;

use mainstay::{
    on_shutdown,
    shutdown::{self, AtDrain, GracefulShutdown, Handler, Outcome, Phase, ShutdownConfig},
};

#[on_shutdown(phase = announce)]
fn leave_the_registry() {
    println!("left the service registry");
}

#[on_shutdown(phase = flush)]
async fn flush_orders() -> Result<(), std::io::Error> {
    tokio::time::sleep(Duration::from_millis(50)).await;
    println!("sent the last orders");
    Ok(())
}

/// Hangs, and keeps nobody else.
#[on_shutdown("a slow index", phase = flush, after = flush_orders, timeout = "300ms")]
async fn save_index() {
    std::future::pending().await
}

#[on_shutdown]
async fn close_database() {
    println!("closed the database");
}

async fn consume(shutdown: GracefulShutdown) {
    let mut handled = 0;
    let next = || tokio::time::sleep(Duration::from_millis(100));
    while shutdown.until_draining(next()).await.is_some() {
        handled += 1;
    }
    println!("the consumer has handled {handled} messages and ends");
}

#[tokio::main]
async fn main() -> Result<Outcome, shutdown::ShutdownError> {
    let config = ShutdownConfig::new().timeout(Duration::from_secs(5)).pre_drain(Duration::from_millis(500));
    let shutdown = GracefulShutdown::new(config)?;
    let connection = String::from("a connection that only `main` knows");
    let close = Handler::new("connection", move || async move { println!("closed {connection}") });
    shutdown.on_shutdown(close.phase(Phase::Close))?;

    mainstay::spawn(consume(shutdown.clone()));
    shutdown::spawn("ticker", AtDrain::Cancel, std::future::pending::<()>());
    let request = shutdown::work("requests").begin();
    mainstay::spawn(async move {
        tokio::time::sleep(Duration::from_millis(1800)).await;
        println!("answered a request that was in flight");
        drop(request);
    });
    mainstay::spawn(async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        shutdown::trigger("nobody pressed Ctrl+C for a second");
        tokio::time::sleep(Duration::from_millis(200)).await;
        println!("{}", shutdown::progress());
    });

    let outcome = shutdown.wait_for_signal().await;
    println!("{outcome}");
    Ok(outcome)
}
