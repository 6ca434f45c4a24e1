#[cfg(test)]
mod tests;

use std::time::Duration;

use mainstay_runtime::{
    rate_limit::{Algorithm, RateLimitConfig, RateLimitStore, Take, Taken},
    store::{BoxFuture, StoreError},
};
use redis::{Script, ScriptInvocation};

use crate::{RedisStore, scripts, store::about};

/// Millionths of a token: what counts are in, as in this process.
const PARTS: u128 = 1_000_000;
/// How long in ms a key is remembered after it is unspent, for the server's clocks to agree.
const SLACK: u32 = 100;
/// How long in ms a full bucket is remembered that did not start full: forgotten, it would start with less.
const LONG: u32 = 3_600_000;

impl RateLimitStore for RedisStore {
    fn take<'a>(&'a self, take: Take<'a>) -> BoxFuture<'a, Result<Taken, StoreError>> {
        Box::pin(async move {
            let config = take.config;
            let key = self.names().limit(take.key, config);
            let (allowed, left, retry, reset): (bool, f64, i64, i64) =
                self.ask("take", asked(script_of(config), &key, config, take.tokens)).await?;
            Ok(Taken {
                allowed,
                remaining: left / one_token(config),
                // Below zero is never.
                retry_after: u64::try_from(retry).ok().map(Duration::from_micros),
                reset_after: Duration::from_micros(u64::try_from(reset).unwrap_or_default()),
            })
        })
    }
}

fn script_of(config: &RateLimitConfig) -> &'static Script {
    match config.kind() {
        Algorithm::TokenBucket => &scripts::TOKEN_BUCKET,
        _ => &scripts::WINDOW,
    }
}

/// What one token is in the numbers of the configuration's script.
fn one_token(config: &RateLimitConfig) -> f64 {
    match config.kind() {
        Algorithm::TokenBucket => units(PARTS, config),
        _ => PARTS as f64,
    }
}

/// The script with its arguments.
fn asked(
    script: &'static Script,
    key: &str,
    config: &RateLimitConfig,
    tokens: f64,
) -> ScriptInvocation<'static> {
    let mut script = about(script, key);
    match config.kind() {
        Algorithm::TokenBucket => {
            let burst = config.burst_tokens();
            let missing = burst.saturating_sub(config.initial_tokens());
            let whole = |tokens: u32| u128::from(tokens) * PARTS;
            script
                .arg(units(parts(tokens).unwrap_or(whole(burst) + 1), config))
                .arg(config.rate().amount().max(1))
                .arg(units(whole(burst), config))
                .arg(units(whole(missing), config))
                .arg(if missing > 0 { LONG } else { SLACK });
        }
        kind => {
            let limit = u128::from(config.rate().amount()) * PARTS;
            let micros = config.rate().per().as_nanos().div_ceil(1_000).max(1);
            script
                .arg(parts(tokens).unwrap_or(limit + 1).to_string())
                .arg(limit.to_string())
                .arg(micros.to_string())
                .arg(u8::from(kind == Algorithm::SlidingWindow))
                .arg(SLACK);
        }
    }
    script
}

/// So many parts of a token in the bucket's units: as many to a token as the period has µs.
fn units(parts: u128, config: &RateLimitConfig) -> f64 {
    let product = parts * config.rate().per().as_nanos().max(1);
    let one = PARTS * 1_000;
    if product.is_multiple_of(one) { (product / one) as f64 } else { product as f64 / one as f64 }
}

/// In millionths, as the limits in this process count: cut after the sixth digit. `None` for what no limit can hold.
fn parts(tokens: f64) -> Option<u128> {
    let held = tokens > 0.0 && tokens <= f64::from(u32::MAX);
    // The hundredth of a part makes up for decimals that have no exact binary form.
    held.then(|| ((tokens * PARTS as f64 + 0.01) as u128).max(1))
}
