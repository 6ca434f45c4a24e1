use std::sync::Arc;

use mainstay::{
    rate_limit,
    rate_limit::{RateLimitStore, RateLimiter},
};

#[rate_limit(with = limiter, store = limits, on_store_error = open)]
async fn call(limiter: &RateLimiter, limits: Arc<dyn RateLimitStore>) -> Result<(), mainstay::Error> {
    Ok(())
}

fn main() {}
