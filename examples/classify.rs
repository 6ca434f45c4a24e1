//! One error type that says what its errors mean, and what a retry and a breaker make of them.
//!
//! ```text
//! cargo run --example classify
//! ```

use std::time::Duration;

use mainstay::{Classify, Error, circuit_breaker, policies, retry};

#[derive(Debug, Clone, Classify, thiserror::Error)]
enum PayError {
    #[transient]
    #[error("connection reset")]
    Reset,
    #[permanent]
    #[error("card declined")]
    Declined,
    #[throttled(retry_after = after)]
    #[error("busy for {after:?}")]
    Busy { after: Duration },
    #[ignored]
    #[error("the customer went away")]
    Gone,
    #[error(transparent)]
    Refused(#[from] Error),
}

#[retry("pay", max_attempts = 2, initial_delay = "10ms", jitter = none)]
#[circuit_breaker("pay", failure_threshold = 100)]
fn pay(error: &PayError) -> Result<(), PayError> {
    Err(error.clone())
}

fn main() {
    let (Some(retry), Some(breaker)) = (policies().retry("pay"), policies().circuit_breaker("pay")) else {
        return;
    };
    let errors = [
        PayError::Reset,
        PayError::Declined,
        PayError::Busy { after: Duration::from_millis(50) },
        PayError::Gone,
        PayError::from(Error::bulkhead_full("bank", 8)),
    ];
    for error in errors {
        breaker.reset();
        let retries = retry.retries();
        let _ = pay(&error);
        println!(
            "{error}: {:?}, retried {}, the breaker counts {} failed, {} succeeded, {} ignored",
            error.classify(),
            retry.retries() - retries,
            breaker.failure_count(),
            breaker.success_count(),
            breaker.ignored_count(),
        );
    }
}
