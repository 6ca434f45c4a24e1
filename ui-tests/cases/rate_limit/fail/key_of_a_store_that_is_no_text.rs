use std::sync::Arc;

use mainstay::{rate_limit, rate_limit::RateLimitStore};

#[rate_limit("100/s", key = amount, store = limits)]
async fn call(amount: f64, limits: Arc<dyn RateLimitStore>) -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
