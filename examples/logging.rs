//! A service that logs: for people here, as JSON with `APP_ENV=production`.
//!
//! ```text
//! cargo run --example logging --features logging
//! APP_ENV=production LOG_LEVEL=debug cargo run --example logging --features logging
//! ```

use std::{collections::HashMap, time::Duration};

use mainstay::{
    Error,
    context::{self, InContextExt},
    logging::{Logging, LoggingError, create_logger},
    retry, timeout,
};

#[retry(max_attempts = 2, initial_delay = "10ms")]
#[timeout("20ms")]
async fn charge(order: u64) -> Result<u64, Error> {
    tracing::info!(order, card_token = "tok_8f3k", "asking the bank");
    std::future::pending().await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), LoggingError> {
    let logging = Logging::service("prophet").level("info").sample(3, Duration::from_secs(1)).install()?;
    let api = create_logger("prophet-api")?;

    // What a request brings: the ids go through everything below, also into the task.
    let headers = HashMap::from([(String::from("x-correlation-id"), String::from("order-7"))]);
    let request = async {
        let answer = mainstay::spawn(charge(7)).await;
        if let Ok(Err(error)) = &answer {
            tracing::error!(error = error as &dyn std::error::Error, "charge failed");
        }
        api.log_api_call("POST", "/orders?token=s3cr3t", 504, Duration::from_millis(51));
    };
    request.in_context(context::extract(&headers)).await;

    api.log_database_operation("SELECT", "orders", Duration::from_millis(23));
    tracing::warn!(user = "eve\n12:00:00.000  INFO forged", "a name with a line break");
    for n in 0..1_000 {
        tracing::warn!(n, "the cache is away");
    }
    logging.set_level("debug")?;
    tracing::debug!(url = "postgres://app:hunter2@db/orders", "now with debug lines");

    let flushed = logging.shutdown(Duration::from_secs(1));
    println!("{} lines written, {} lost", flushed.written, flushed.lost);
    Ok(())
}
