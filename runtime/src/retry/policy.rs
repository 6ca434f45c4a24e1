use std::fmt::Write as _;

use super::{Retry, RetryConfig, options::OPTIONS};
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt},
    registry::{Policy, Reading, Shelf},
};

impl Policy for Retry {
    const ATTRIBUTE: &'static str = "retry";
    type Config = RetryConfig;
    const OPTIONS: &'static [Opt<RetryConfig>] = OPTIONS;

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        self.live.code() == other.live.code()
    }

    fn describe_config(&self) -> String {
        let config = self.config();
        let mut text = format!(
            "max_attempts = {}, initial_delay = {:?}, max_delay = {:?}, backoff = {:?}, jitter = {:?}",
            config.max_attempts, config.initial_delay, config.max_delay, config.backoff, config.jitter
        );
        if let Some(limit) = config.max_elapsed {
            let _ = write!(text, ", max_elapsed = {limit:?}");
        }
        if let Some(budget) = config.budget {
            let _ = write!(text, ", budget = {budget:?}");
        }
        text
    }

    fn describe_state(&self) -> String {
        format!("retries {}, exhausted {}", self.retries(), self.exhausted())
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("retries", self.retries()));
        give(Reading::Count("exhausted", self.exhausted()));
        give(Reading::Count("out_of_budget", self.out_of_budget()));
    }

    fn live(&self) -> Option<&Live<RetryConfig>> {
        Some(&self.live)
    }

    fn defaults(_code: &RetryConfig) -> Option<RetryConfig> {
        Some(RetryConfig::new())
    }

    fn check_config(config: &RetryConfig) -> Result<(), ConfigError> {
        config.check()
    }

    /// Its counts are totals and stay; there is nothing else to reset.
    fn reset(&self) {}

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Retry> = Shelf::new();
        &SHELF
    }
}
