use super::{Budget, BudgetConfig};
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt},
    registry::{Order, Policy, Reading, Shelf},
};

impl Policy for Budget {
    const ATTRIBUTE: &'static str = "budget";
    const ORDERS: &'static [Order] = &[Order::Reset];
    type Config = BudgetConfig;
    const OPTIONS: &'static [Opt<BudgetConfig>] = &[
        Opt::number("ratio", BudgetConfig::ratio, |config| Some(config.ratio_in_force().to_string())),
        Opt::number("floor", BudgetConfig::floor, |config| Some(config.floor_in_force().to_string())),
        Opt::code("window", |config| Some(format!("{:?}", config.window_in_force()))),
    ];

    fn name(&self) -> &Name {
        self.shared_name()
    }

    /// One that is only named is like any.
    fn same_config(&self, other: &Self) -> bool {
        !self.is_stated() || !other.is_stated() || self.in_force().code() == other.in_force().code()
    }

    fn describe_config(&self) -> String {
        self.config().to_string()
    }

    fn describe_state(&self) -> String {
        format!(
            "{} further calls for {} first calls, {} refused, {} available",
            self.withdrawn(),
            self.first_calls(),
            self.refused(),
            self.available()
        )
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("first_calls", self.first_calls()));
        give(Reading::Count("withdrawn", self.withdrawn()));
        give(Reading::Count("refused", self.refused()));
        give(Reading::Level("available", self.available() as f64));
    }

    fn live(&self) -> Option<&Live<BudgetConfig>> {
        Some(self.in_force())
    }

    fn defaults(_code: &BudgetConfig) -> Option<BudgetConfig> {
        Some(BudgetConfig::new())
    }

    fn check_config(config: &BudgetConfig) -> Result<(), ConfigError> {
        config.check()
    }

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Budget> = Shelf::new();
        &SHELF
    }
}
