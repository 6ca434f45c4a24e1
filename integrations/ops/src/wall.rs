//! The time of day, for people and pages.

use std::time::{SystemTime, UNIX_EPOCH};

use mainstay_runtime::clock::{self, Instant};

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The same for a moment of the policies' clock.
pub(crate) fn of(at: Instant) -> u64 {
    let ago = clock::now().saturating_since(at);
    now().saturating_sub(u64::try_from(ago.as_millis()).unwrap_or(u64::MAX))
}
