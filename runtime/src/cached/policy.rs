use super::{Cache, CacheConfig};
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt, Switch},
    registry::{Order, Policy, Reading, Shelf},
};

impl Policy for Cache {
    const ATTRIBUTE: &'static str = "cached";
    const ORDERS: &'static [Order] = &[Order::Reset];
    type Config = CacheConfig;
    const OPTIONS: &'static [Opt<CacheConfig>] = CacheConfig::OPTIONS;
    /// A cache keeps load from what is behind it, and refuses nobody: the master switch leaves it on.
    const SWITCH: Switch = Switch::Fallback;

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        self.live.code() == other.live.code()
    }

    fn live(&self) -> Option<&Live<CacheConfig>> {
        Some(&self.live)
    }

    fn defaults(code: &CacheConfig) -> Option<CacheConfig> {
        Some(CacheConfig::new(code.time_of(false)))
    }

    fn check_config(config: &CacheConfig) -> Result<(), ConfigError> {
        config.check()
    }

    fn changed(&self) {
        self.follow();
    }

    fn describe_config(&self) -> String {
        self.config().to_string()
    }

    fn describe_state(&self) -> String {
        format!("{} kept, {} hits, {} misses", self.len(), self.hits(), self.misses())
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("hit", self.hits()));
        give(Reading::Count("miss", self.misses()));
        give(Reading::Count("stale", self.stale_served()));
        give(Reading::Count("loads", self.loads()));
        give(Reading::Count("load_failures", self.load_failures()));
        give(Reading::Count("evictions", self.evictions()));
        give(Reading::size("entries", self.len()));
    }

    fn reset(&self) {
        self.clear();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Cache> = Shelf::new();
        &SHELF
    }
}
