//! Behaviour of rate limits.

mod bucket;
mod config;
mod gcra;
mod keyed;
mod life;
mod line;
mod model;
mod steered;
mod waiting;
mod window;

use std::time::Duration;

use super::{Algorithm, RateLimitConfig, RateLimiter};
use crate::{Error, Kind, registry::Policy};

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn limiter(config: RateLimitConfig) -> RateLimiter {
    config.build("test").unwrap()
}

/// The wait that a refusal carries.
fn wait(refused: Result<(), Error>) -> Duration {
    let error = refused.unwrap_err();
    assert_eq!(error.kind(), Kind::RateLimited);
    error.retry_after().unwrap()
}

/// What a load of overrides does to a limit.
fn steer<P: Policy<Config = RateLimitConfig>>(limit: &P, config: RateLimitConfig, on: bool) {
    assert!(limit.live().unwrap().set(config, on));
    limit.changed();
}
