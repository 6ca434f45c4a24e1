use std::sync::Arc;

use mainstay::{rate_limit, rate_limit::RateLimitStore};

#[rate_limit("100/s", store = _limits, on_store_error = ignore)]
async fn call(_limits: Arc<dyn RateLimitStore>) -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
