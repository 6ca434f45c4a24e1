use std::fmt;

use super::{Order, Policy, Reading, options};
use crate::{
    circuit_breaker::Change,
    metrics::Snapshot,
    observe::{self, Event},
    overrides::Switch,
};

/// A policy of whatever kind, as tools see it: what it goes by, how it is doing, what can be ordered of it.
///
/// ```
/// use mainstay_runtime::{bulkhead::BulkheadConfig, registry::policies};
///
/// BulkheadConfig::new(10).register("docs.any")?;
/// let all = policies().all();
/// let bulkhead = all.iter().find(|listed| listed.name() == "docs.any").expect("registered above").policy();
/// assert_eq!((bulkhead.kind(), bulkhead.config().as_str()), ("bulkhead", "limit 10"));
/// assert!(bulkhead.readings().iter().any(|reading| reading.name() == "limit" && reading.value() == 10.0));
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
pub trait AnyPolicy: Send + Sync {
    /// The attribute that makes one, such as `circuit_breaker`.
    fn attribute(&self) -> &'static str;
    /// What kind it is: the attribute, or a finer word such as `keyed_rate_limit`.
    fn kind(&self) -> &'static str;
    /// The name it was given; [`Listed::name`] is unique.
    fn name(&self) -> &str;
    /// Its configuration in one line.
    fn config(&self) -> String;
    /// The options in force, by name.
    fn options(&self) -> Vec<(String, String)>;
    /// Its live state in one line.
    fn state(&self) -> String;
    /// The state's word, such as `half_open`, where the kind has states.
    fn phase(&self) -> Option<&'static str>;
    /// Its numbers, for one kind always the same in the same order: those that metrics are made from.
    fn readings(&self) -> Vec<Reading>;
    /// How long its calls took, where it times them.
    fn durations(&self) -> Option<Snapshot>;
    /// Its latest changes of state, the oldest first.
    fn changes(&self) -> Vec<Change>;
    /// What can be ordered of it.
    fn orders(&self) -> &'static [Order];
    /// Does it, if it is among its [`orders`](Self::orders), and tells listeners and the log; whether it was. `by` says who
    /// wants it.
    fn order(&self, order: Order, by: &str) -> bool;
    /// The same for all references to one policy, and for no other.
    fn address(&self) -> usize;
    /// Sets an option, or `enabled`, to what `value` says, by hand and until what this gives is called, which puts back what was
    /// in force before. `mainstay::testing` uses it.
    ///
    /// # Errors
    /// A sentence: there is no such option, its value cannot be read, or the configuration makes no sense with it.
    fn set_for_now(&'static self, option: &str, value: &str) -> Result<Undo, String>;
}

/// Puts an option back.
pub type Undo = Box<dyn FnOnce() + Send>;

impl<P: Policy> AnyPolicy for P {
    fn attribute(&self) -> &'static str {
        P::ATTRIBUTE
    }

    fn kind(&self) -> &'static str {
        P::KIND
    }

    fn name(&self) -> &str {
        Policy::name(self).as_str()
    }

    fn config(&self) -> String {
        self.describe_config()
    }

    fn options(&self) -> Vec<(String, String)> {
        options::read(P::ATTRIBUTE, &self.describe_config())
    }

    fn state(&self) -> String {
        self.describe_state()
    }

    fn phase(&self) -> Option<&'static str> {
        Policy::phase(self)
    }

    fn readings(&self) -> Vec<Reading> {
        let mut readings = Vec::with_capacity(8);
        self.read(&mut |reading| readings.push(reading));
        readings
    }

    fn durations(&self) -> Option<Snapshot> {
        Policy::durations(self)
    }

    fn changes(&self) -> Vec<Change> {
        Policy::changes(self)
    }

    fn orders(&self) -> &'static [Order] {
        P::ORDERS
    }

    fn order(&self, order: Order, by: &str) -> bool {
        if !P::ORDERS.contains(&order) {
            return false;
        }
        self.obey(order);
        observe::report(&Event::Ordered { policy: Policy::name(self).as_str(), kind: P::KIND, order, by });
        true
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    fn set_for_now(&'static self, option: &str, value: &str) -> Result<Undo, String> {
        let (kind, name) = (P::ATTRIBUTE, Policy::name(self));
        let live =
            self.live().ok_or_else(|| format!("nothing of {kind} `{name}` can be set from outside"))?;
        let (before, was_on) = (live.get().clone(), live.is_on());
        let (config, on) = match (option, value) {
            ("enabled", "true") if P::SWITCH != Switch::Never => (before.clone(), true),
            ("enabled", "false") if P::SWITCH != Switch::Never => (before.clone(), false),
            _ => {
                let options = P::OPTIONS.iter().filter(|known| known.can_be_set());
                let names = || options.clone().map(|known| format!("`{}`", known.name())).collect::<Vec<_>>();
                let known = options.clone().find(|known| known.name() == option);
                let known = known.ok_or_else(|| {
                    format!("{kind} `{name}` has no option `{option}`: it takes {}", names().join(", "))
                })?;
                let config = known.read(before.clone(), value);
                (config.map_err(|problem| format!("{kind} `{name}`, `{option}`: {problem}"))?, was_on)
            }
        };
        P::check_config(&config).map_err(|error| format!("{kind} `{name}`: {error}"))?;
        live.set(config, on);
        self.changed();
        Ok(Box::new(move || {
            if let Some(live) = self.live() {
                live.set(before, was_on);
                self.changed();
            }
        }))
    }
}

impl fmt::Debug for dyn AnyPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`: {}", self.kind(), self.name(), self.state())
    }
}

/// A policy and the name under which the registry has it.
#[derive(Debug, Clone)]
pub struct Listed {
    name: String,
    policy: &'static dyn AnyPolicy,
}

impl Listed {
    pub(super) fn new<P: Policy>((name, policy): (String, &'static P)) -> Self {
        Self { name, policy }
    }

    /// The name, which no other of its kind has: where two functions have one path, the line is added.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The policy.
    pub fn policy(&self) -> &'static dyn AnyPolicy {
        self.policy
    }
}
