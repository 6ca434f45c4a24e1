//! How a limit follows a configuration that is set from outside while it runs.

use super::RateLimitConfig;

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

    pub(super) const fn config(&self) -> RateLimitConfig {
        self.config
    }

    /// Takes what was set by hand.
    pub(super) const fn order(&mut self, config: RateLimitConfig) {
        self.config = config;
    }

    /// Takes the options in force, and gives what is to be counted by from now on if that is something else.
    pub(super) fn follow(&mut self, options: RateLimitConfig) -> Option<RateLimitConfig> {
        let is_news = self.by_options.numbers() != options.numbers();
        self.by_options = options;
        self.config = if is_news { options } else { options.with_numbers_of(&self.config) };
        is_news.then_some(self.config)
    }
}
