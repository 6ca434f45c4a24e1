use std::sync::Arc;

use mainstay::{
    rate_limit,
    rate_limit::{RateLimitStore, RateLimiter},
};

#[rate_limit(with = _limiter, store = _limits, on_store_error = open)]
async fn call(_limiter: &RateLimiter, _limits: Arc<dyn RateLimitStore>) -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
