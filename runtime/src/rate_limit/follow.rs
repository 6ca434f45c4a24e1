//! How a limit follows a configuration that is set from outside while it runs.

use std::sync::PoisonError;

use super::RateLimitConfig;
use crate::{
    ConfigError,
    sync::{Mutex, MutexGuard},
};

/// The configuration that is counted by, and what the options said last.
///
/// Whatever comes later counts: options that are changed, or a rate that is set by hand. Options that say the same again
/// leave what was set by hand.
#[derive(Debug)]
pub(super) struct InForce {
    config: RateLimitConfig,
    by_options: RateLimitConfig,
}

impl InForce {
    pub(super) const fn new(config: RateLimitConfig) -> Self {
        Self { config, by_options: config }
    }

    /// Takes the options in force, and gives what is to be counted by from now on if that is something else.
    fn follow(&mut self, options: RateLimitConfig) -> Option<RateLimitConfig> {
        let is_news = self.by_options.numbers() != options.numbers();
        self.by_options = options;
        self.config = if is_news { options } else { options.with_numbers_of(&self.config) };
        is_news.then_some(self.config)
    }
}

/// A limiter that follows what is set while it runs, by hand or from outside.
pub(super) trait Follows {
    fn in_force(&self) -> &Mutex<InForce>;
    /// Counts by other numbers from now on. Callers take turns.
    fn count_by(&self, config: &RateLimitConfig);
    /// Remembers so many keys from now on, where it has keys.
    fn remember(&self, _keys: u32) {}
    /// Has those who wait look again.
    fn wake(&self);

    /// The configuration that is counted by.
    fn counted_by(&self) -> RateLimitConfig {
        lock(self.in_force()).config
    }

    /// Follows what is set by hand.
    ///
    /// # Errors
    /// It makes no sense; nothing is changed then.
    fn order(&self, change: impl FnOnce(RateLimitConfig) -> RateLimitConfig) -> Result<(), ConfigError> {
        let mut in_force = lock(self.in_force());
        let config = in_force.config.followed_by(change)?;
        in_force.config = config;
        self.count_by(&config);
        drop(in_force);
        self.wake();
        Ok(())
    }

    /// Follows what was just set from outside. Who waits is served by the new numbers, or at once where it was switched off.
    fn follow(&self, options: RateLimitConfig) {
        let mut in_force = lock(self.in_force());
        self.remember(options.key_limit());
        if let Some(config) = in_force.follow(options) {
            self.count_by(&config);
        }
        drop(in_force);
        self.wake();
    }
}

fn lock(in_force: &Mutex<InForce>) -> MutexGuard<'_, InForce> {
    in_force.lock().unwrap_or_else(PoisonError::into_inner)
}
