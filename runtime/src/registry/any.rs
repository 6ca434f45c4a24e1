use std::fmt;

use super::{Order, Policy, Reading, options};
use crate::{
    circuit_breaker::Change,
    metrics::Snapshot,
    observe::{self, Event},
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
}

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
