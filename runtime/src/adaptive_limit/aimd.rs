//! Additive increase, multiplicative decrease, as TCP has it (Chiu and Jain, 1989) and `AIMDLimit` of Netflix's
//! concurrency-limits: a window of calls is here what a round trip is there.

use super::{AdaptiveLimitConfig, window::Summary};

/// The limit after a window.
pub(super) fn next(config: &AdaptiveLimitConfig, limit: f64, window: &Summary) -> f64 {
    let next = if is_overloaded(window) {
        limit * config.backoff_ratio
    } else if window.is_limited(limit) {
        limit + 1.0
    } else {
        limit
    };
    next.clamp(f64::from(config.min), f64::from(config.max))
}

/// Whether a tenth of the calls or more were too slow or not done. Fewer are usual, whatever the load.
fn is_overloaded(window: &Summary) -> bool {
    let bad = window.overloads.saturating_add(window.slow);
    bad > 0 && u64::from(bad) * 10 >= u64::from(window.calls)
}

impl Summary {
    /// Whether so many were in flight that the limit mattered. Where not, a higher one would change nothing, and would be no
    /// protection when it is needed.
    pub(super) fn is_limited(&self, limit: f64) -> bool {
        f64::from(self.busiest) * 2.0 >= limit
    }
}
