use super::{Chaos, ChaosConfig, Fault};
use crate::{
    ConfigError, Name,
    overrides::{Live, Opt, Switch},
    registry::{Order, Policy, Reading, Shelf},
};

/// How a rate is shown: not at all where it is zero.
fn share(share: f64) -> Option<String> {
    (share > 0.0).then(|| share.to_string())
}

const OPTIONS: &[Opt<ChaosConfig>] = &[
    Opt::duration("latency", ChaosConfig::latency, |config| {
        (!config.latency.is_zero()).then(|| format!("{:?}", config.latency))
    }),
    Opt::duration("latency_max", ChaosConfig::latency_max, |config| {
        config.latency_max.map(|most| format!("{most:?}"))
    })
    .optional(|config| ChaosConfig { latency_max: None, ..config }),
    Opt::ratio("latency_rate", ChaosConfig::latency_rate, |config| share(config.latency_rate)),
    Opt::ratio("error_rate", ChaosConfig::error_rate, |config| share(config.error_rate)),
    Opt::ratio("panic_rate", ChaosConfig::panic_rate, |config| share(config.panic_rate)),
    Opt::ratio("drop_rate", ChaosConfig::drop_rate, |config| share(config.drop_rate)),
    Opt::text("seed", read_seed, |config| config.seed.map(|seed| seed.to_string()))
        .optional(|config| ChaosConfig { seed: None, ..config }),
    Opt::code("after", |config| Some(config.after.to_string())),
];

fn read_seed(config: ChaosConfig, text: &str) -> Result<ChaosConfig, String> {
    let seed = text.replace('_', "").parse();
    let problem = || format!("`{text}` is no seed: write a whole number from 0 to {}", u64::MAX);
    seed.map(|seed| config.seed(seed)).map_err(|_| problem())
}

impl Policy for Chaos {
    const ATTRIBUTE: &'static str = "chaos";
    const ORDERS: &'static [Order] = &[Order::Disable, Order::Reset];
    type Config = ChaosConfig;
    const OPTIONS: &'static [Opt<ChaosConfig>] = OPTIONS;
    const SWITCH: Switch = Switch::Chaos;

    fn name(&self) -> &Name {
        self.shared_name()
    }

    fn same_config(&self, other: &Self) -> bool {
        self.live_config().code() == other.live_config().code()
    }

    fn describe_config(&self) -> String {
        self.config().to_string()
    }

    fn describe_state(&self) -> String {
        let [late, failed, panicked, dropped] = Fault::ALL.map(|fault| self.injected(fault));
        let injected = format!("{late} late, {failed} failed, {panicked} panicked, {dropped} dropped");
        match self.is_on() {
            true => format!("ON: {injected}, of {} calls, seed {}", self.calls(), self.seed()),
            false if late + failed + panicked + dropped == 0 => "off".to_owned(),
            false => format!("off: {injected}"),
        }
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("late", self.injected(Fault::Latency)));
        give(Reading::Count("failed", self.injected(Fault::Error)));
        give(Reading::Count("panicked", self.injected(Fault::Panic)));
        give(Reading::Count("dropped", self.injected(Fault::Drop)));
        give(Reading::level("on", u8::from(self.is_on())));
    }

    fn phase(&self) -> Option<&'static str> {
        Some(if self.is_on() { "on" } else { "off" })
    }

    fn live(&self) -> Option<&Live<ChaosConfig>> {
        Some(self.live_config())
    }

    fn defaults(_code: &ChaosConfig) -> Option<ChaosConfig> {
        Some(ChaosConfig::new())
    }

    fn check_config(config: &ChaosConfig) -> Result<(), ConfigError> {
        config.check()
    }

    fn changed(&self) {
        self.follow();
    }

    fn obey(&self, order: Order) {
        match order {
            Order::Disable => self.disable(),
            Order::Reset => self.reset(),
            _ => {}
        }
    }

    fn reset(&self) {
        self.reset();
    }

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Chaos> = Shelf::new();
        &SHELF
    }
}
