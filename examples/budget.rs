//! A dependency that is down, called a hundred times with and without a budget for retries.
//!
//! ```text
//! cargo run --example budget
//! ```

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use mainstay::{ConfigError, budget::Budget, policies, retry};

static LOAD: AtomicU32 = AtomicU32::new(0);

async fn dependency() -> Result<(), &'static str> {
    LOAD.fetch_add(1, Relaxed);
    Err("down")
}

#[retry(max_attempts = 5, initial_delay = "5ms")]
async fn without() -> Result<(), &'static str> {
    dependency().await
}

#[retry("with", max_attempts = 5, initial_delay = "5ms", budget = "dependency")]
async fn with() -> Result<(), &'static str> {
    dependency().await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ConfigError> {
    let budget = Budget::builder().ratio(0.1).floor(0.5).register("dependency")?;
    for _ in 0..100 {
        let _ = without().await;
    }
    println!("without a budget: {} calls for 100", LOAD.swap(0, Relaxed));
    for _ in 0..100 {
        let _ = with().await;
    }
    println!("with a budget:    {} calls for 100", LOAD.swap(0, Relaxed));
    println!("{} retries permitted, {} refused", budget.withdrawn(), budget.refused());
    if let Some(retry) = policies().retry("with") {
        println!("{} calls ended because the budget was used up", retry.out_of_budget());
    }
    Ok(())
}
