use std::time::Duration;

use mainstay_runtime::{
    rate_limit::{Algorithm, RateLimitConfig, RateLimitStore, Take, Taken},
    store::{BoxFuture, StoreError},
};
use redis::ScriptInvocation;

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
            match config.kind() {
                Algorithm::TokenBucket => {
                    let (allowed, left, retry, reset): (bool, f64, i64, i64) =
                        self.ask("take", bucket(&key, config, take.tokens)).await?;
                    Ok(taken(allowed, left / units(PARTS, config), retry, reset))
                }
                kind => {
                    let sliding = kind == Algorithm::SlidingWindow;
                    let (allowed, left, retry, reset): (bool, u64, i64, i64) =
                        self.ask("take", window(&key, config, take.tokens, sliding)).await?;
                    Ok(taken(allowed, left as f64 / PARTS as f64, retry, reset))
                }
            }
        })
    }
}

fn bucket(key: &str, config: &RateLimitConfig, tokens: f64) -> ScriptInvocation<'static> {
    let (burst, initial) = (config.burst_tokens(), config.initial_tokens().min(config.burst_tokens()));
    let whole = |tokens: u32| u128::from(tokens) * PARTS;
    let mut script = about(&scripts::TOKEN_BUCKET, key);
    let more_than_fits = whole(burst) + PARTS;
    script
        .arg(units(parts(tokens).unwrap_or(more_than_fits), config))
        .arg(config.rate().amount().max(1))
        .arg(units(whole(burst), config))
        .arg(units(whole(burst - initial), config))
        .arg(if initial < burst { LONG } else { SLACK });
    script
}

fn window(key: &str, config: &RateLimitConfig, tokens: f64, sliding: bool) -> ScriptInvocation<'static> {
    let limit = u128::from(config.rate().amount()) * PARTS;
    let micros = config.rate().per().as_nanos().div_ceil(1_000).max(1);
    let mut script = about(&scripts::WINDOW, key);
    let asked = parts(tokens).unwrap_or(limit + 1).min(limit + 1);
    script.arg(asked.to_string()).arg(limit.to_string()).arg(micros.to_string());
    script.arg(u8::from(sliding)).arg(SLACK);
    script
}

/// So many parts of a token in the bucket's units: as many to a token as the period has µs.
fn units(parts: u128, config: &RateLimitConfig) -> f64 {
    let product = parts * config.rate().per().as_nanos().max(1);
    let one = PARTS * 1_000;
    if product % one == 0 { (product / one) as f64 } else { product as f64 / one as f64 }
}

/// In millionths, as the limits in this process count: cut after the sixth digit. `None` for what no limit can hold.
fn parts(tokens: f64) -> Option<u128> {
    let held = tokens > 0.0 && tokens <= f64::from(u32::MAX);
    // The hundredth of a part makes up for decimals that have no exact binary form.
    held.then(|| ((tokens * PARTS as f64 + 0.01) as u128).max(1))
}

fn taken(allowed: bool, remaining: f64, retry: i64, reset: i64) -> Taken {
    Taken {
        allowed,
        remaining,
        // Below zero is never.
        retry_after: u64::try_from(retry).ok().map(Duration::from_micros),
        reset_after: Duration::from_micros(u64::try_from(reset).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use mainstay_runtime::rate_limit::Rate;

    use super::*;

    #[test]
    fn a_token_is_a_period_of_units() {
        let config = RateLimitConfig::new(Rate::per_hour(7));
        assert_eq!(units(PARTS, &config), 3_600_000_000.0);
        assert_eq!(units(PARTS / 2, &config), 1_800_000_000.0);
    }

    #[test]
    fn tokens_are_cut_after_the_sixth_digit_and_what_none_holds_is_none() {
        assert_eq!(parts(1.0), Some(1_000_000));
        assert_eq!(parts(0.1), Some(100_000));
        assert_eq!(parts(1.0 / 6.0), Some(166_666));
        assert_eq!(parts(1e-9), Some(1));
        for none in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e12] {
            assert_eq!(parts(none), None);
        }
    }
}
