use super::{Metered, MeteredConfig, Outcome, outcome::OUTCOMES};
use crate::{
    Name,
    metrics::Snapshot,
    overrides::Switch,
    registry::{Policy, Reading, Shelf},
};

impl Policy for Metered {
    const ATTRIBUTE: &'static str = "metered";
    type Config = MeteredConfig;
    /// It shields nothing, and what is seen of a service is no less needed when its shields are down.
    const SWITCH: Switch = Switch::Never;

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        self.config() == other.config()
    }

    fn describe_config(&self) -> String {
        self.config().to_string()
    }

    fn describe_state(&self) -> String {
        format!(
            "{} calls, {} of them ok, {} in flight",
            self.total(),
            self.count(Outcome::Ok),
            self.in_flight()
        )
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        for (index, outcome) in OUTCOMES.into_iter().enumerate() {
            give(Reading::Count(outcome, self.ended(index)));
        }
        give(Reading::Level("in_flight", self.in_flight() as f64));
    }

    fn durations(&self) -> Option<Snapshot> {
        Some(Metered::durations(self))
    }

    /// Counts run on: what has been scraped cannot be taken back.
    fn reset(&self) {}

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Metered> = Shelf::new();
        &SHELF
    }
}
