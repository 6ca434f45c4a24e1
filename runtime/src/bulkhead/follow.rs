//! How a bulkhead follows a configuration that is set from outside while it runs.

use std::sync::PoisonError;

use super::{Bulkhead, run::NO_LIMIT};
use crate::sync::MutexGuard;

/// The limit that would be in force if it were on, and what the options said last.
///
/// Whatever comes later counts: options that are changed, or a limit that is set by hand.
#[derive(Debug)]
pub(super) struct Limits {
    limit: u32,
    by_options: u32,
}

impl Limits {
    pub(super) const fn new(limit: u32) -> Self {
        Self { limit, by_options: limit }
    }

    pub(super) fn limit(&self) -> u32 {
        self.limit
    }
}

impl Bulkhead {
    pub(super) fn limits(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a limit that was set by hand. While it is switched off the limit is remembered.
    pub(super) fn order_limit(&self, limit: u32) {
        let mut limits = self.limits();
        limits.limit = limit;
        self.put_in_force(&limits);
    }

    /// Follows what was just set. More places go to the waiters at once, all of them where it is switched off; fewer come
    /// about as the calls in flight finish.
    pub(super) fn follow(&self) {
        let mut limits = self.limits();
        let limit = self.live.get().limit();
        if limits.by_options != limit {
            (limits.limit, limits.by_options) = (limit, limit);
        }
        self.put_in_force(&limits);
    }

    fn put_in_force(&self, limits: &Limits) {
        let limit = if self.live.is_on() { limits.limit } else { NO_LIMIT };
        if self.places().limit() != limit {
            self.places().set_limit(limit);
        }
    }
}
