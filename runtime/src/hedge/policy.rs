use super::{After, Hedge, HedgeConfig};
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt},
    registry::{Order, Policy, Reading, Shelf},
};

/// The delay alone, as every duration is read.
const DELAY: Opt<HedgeConfig> = Opt::duration("after", HedgeConfig::after, |_| None);

fn after(mut config: HedgeConfig, text: &str) -> Result<HedgeConfig, String> {
    match After::percentile(text) {
        Some(percentile) => {
            config.after = percentile;
            Ok(config)
        }
        None if text.starts_with('p') => {
            Err(format!("`{text}` is no percentile; write for example p95, or a duration such as 50ms"))
        }
        None => DELAY.read(config, text),
    }
}

impl Policy for Hedge {
    const ATTRIBUTE: &'static str = "hedge";
    const ORDERS: &'static [Order] = &[Order::Reset];
    type Config = HedgeConfig;
    const OPTIONS: &'static [Opt<HedgeConfig>] = &[
        Opt::text("after", after, |config| Some(config.after.to_string())),
        Opt::duration("min_after", HedgeConfig::min_after, |config| Some(format!("{:?}", config.min_after))),
        Opt::count("warm_up", HedgeConfig::warm_up, |config| Some(config.warm_up.to_string())),
        Opt::count("max", HedgeConfig::max, |config| Some(config.max.to_string())),
        Opt::code("budget", |config| config.budget.map(|budget| format!("{budget:?}"))),
    ];

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        Hedge::live(self).code() == Hedge::live(other).code()
    }

    fn describe_config(&self) -> String {
        self.config().to_string()
    }

    fn describe_state(&self) -> String {
        let after = match self.after() {
            Some(after) => format!("after {after:?}"),
            None => "warming up".to_owned(),
        };
        format!(
            "{after}, {} hedges, {} won, {} out of budget",
            self.hedges(),
            self.won(),
            self.out_of_budget()
        )
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("hedges", self.hedges()));
        give(Reading::Count("hedged_calls", self.hedged_calls()));
        give(Reading::Count("won", self.won()));
        give(Reading::Count("out_of_budget", self.out_of_budget()));
        give(Reading::Level("after_seconds", self.after().unwrap_or_default().as_secs_f64()));
    }

    fn live(&self) -> Option<&Live<HedgeConfig>> {
        Some(Hedge::live(self))
    }

    fn defaults(_code: &HedgeConfig) -> Option<HedgeConfig> {
        Some(HedgeConfig::new())
    }

    fn check_config(config: &HedgeConfig) -> Result<(), ConfigError> {
        config.check()
    }

    fn changed(&self) {
        self.follow();
    }

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Hedge> = Shelf::new();
        &SHELF
    }
}
