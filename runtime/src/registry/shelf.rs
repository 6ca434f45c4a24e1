use std::{
    collections::BTreeMap,
    fmt,
    sync::{PoisonError, RwLock},
};

use super::{
    Order, Reading,
    policies::{Conflict, record_conflict},
};
use crate::{
    ConfigError, Name,
    circuit_breaker::Change,
    metrics::Snapshot,
    overrides::{self, Live, Opt, Switch},
};

/// A kind of policy that has instances with names.
pub trait Policy: fmt::Debug + Send + Sync + Sized + 'static {
    /// The attribute that makes one, such as `circuit_breaker`.
    const ATTRIBUTE: &'static str;
    /// What kind it is, where one attribute makes several.
    const KIND: &'static str = Self::ATTRIBUTE;
    /// What can be ordered of it by hand.
    const ORDERS: &'static [Order] = &[];
    /// What can be set of it from outside; `()` where nothing can.
    type Config: Clone + PartialEq + fmt::Debug + Send + Sync + 'static;
    /// The options that can be set from outside.
    const OPTIONS: &'static [Opt<Self::Config>] = &[];
    /// What switches it off.
    const SWITCH: Switch = Switch::Shielding;

    /// Its name.
    fn name(&self) -> &Name;
    /// Whether two instances were configured alike.
    fn same_config(&self, other: &Self) -> bool;
    /// Its configuration in one line.
    fn describe_config(&self) -> String;
    /// Its live state in one line.
    fn describe_state(&self) -> String;
    /// Gives its numbers, always the same in the same order.
    fn read(&self, give: &mut dyn FnMut(Reading));
    /// Its state in one word, where it has states.
    fn phase(&self) -> Option<&'static str> {
        None
    }
    /// How long its calls took, where it times them.
    fn durations(&self) -> Option<Snapshot> {
        None
    }
    /// Its latest changes of state.
    fn changes(&self) -> Vec<Change> {
        Vec::new()
    }
    /// Does one of [`ORDERS`](Self::ORDERS).
    fn obey(&self, order: Order) {
        if order == Order::Reset {
            self.reset();
        }
    }
    /// The configuration in force, where it can be set from outside.
    fn live(&self) -> Option<&Live<Self::Config>> {
        None
    }
    /// The configuration of a policy of which the code says no more than it must, such as the limit of a bulkhead; that is as
    /// in `code`. It tells a default from what a builder was given. `None` where all options count as given.
    fn defaults(_code: &Self::Config) -> Option<Self::Config> {
        None
    }
    /// Whether a configuration makes sense as a whole.
    ///
    /// # Errors
    /// As the builder's `check`.
    fn check_config(_config: &Self::Config) -> Result<(), ConfigError> {
        Ok(())
    }
    /// Follows what [`live`](Self::live) was just set to: places, windows, buckets. Permits that are out stay valid.
    fn changed(&self) {}
    /// Puts it back to how it started. Calls in flight end as they may.
    fn reset(&self);
    /// Where the instances of this kind are kept.
    fn shelf() -> &'static Shelf<Self>;
}

/// The named instances of one kind.
#[derive(Debug)]
pub struct Shelf<P: 'static> {
    by_name: RwLock<BTreeMap<String, &'static P>>,
}

impl<P: Policy> Default for Shelf<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Policy> Shelf<P> {
    /// An empty one.
    pub const fn new() -> Self {
        Self { by_name: RwLock::new(BTreeMap::new()) }
    }

    /// The instance of that name.
    pub(super) fn get(&self, name: &str) -> Option<&'static P> {
        self.by_name.read().unwrap_or_else(PoisonError::into_inner).get(name).copied()
    }

    /// All instances, by name.
    pub(super) fn all(&self) -> Vec<&'static P> {
        self.by_name.read().unwrap_or_else(PoisonError::into_inner).values().copied().collect()
    }

    /// The same with the names under which they are here.
    pub(super) fn listed(&self) -> Vec<(String, &'static P)> {
        let by_name = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
        by_name.iter().map(|(name, policy)| (name.clone(), *policy)).collect()
    }

    /// The instance that `policy`'s name stands for: the one already there, or this one. A different configuration
    /// under the same name is reported.
    pub(super) fn share(&self, policy: &'static P, place: &str) -> &'static P {
        let name = policy.name().as_str();
        let shared = *self
            .by_name
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(name.to_owned())
            .or_insert(policy);
        if std::ptr::eq(shared, policy) {
            overrides::adopt(name, policy);
        }
        report_difference(shared, policy, place);
        shared
    }

    /// The same for an instance that is no static: it is kept for good only if its name is new.
    pub(super) fn share_owned(&self, policy: P, place: &str) -> &'static P {
        let mut by_name = self.by_name.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = by_name.get(policy.name().as_str()).copied() {
            drop(by_name);
            report_difference(shared, &policy, place);
            return shared;
        }
        let name = policy.name().to_string();
        let shared: &'static P = Box::leak(Box::new(policy));
        by_name.insert(name.clone(), shared);
        drop(by_name);
        overrides::adopt(&name, shared);
        shared
    }

    /// Puts `policy` under `name`, or, where another instance has taken that, under the name with `suffix`, and a
    /// number if that is taken too.
    pub(super) fn place(&self, name: &str, suffix: &str, policy: &'static P) {
        let mut by_name = self.by_name.write().unwrap_or_else(PoisonError::into_inner);
        let names = std::iter::once(name.to_owned())
            .chain(std::iter::once(format!("{name}{suffix}")))
            .chain((2..).map(|number| format!("{name}{suffix}#{number}")));
        for name in names {
            let there = by_name.entry(name.clone()).or_insert(policy);
            if std::ptr::eq(*there, policy) {
                drop(by_name);
                overrides::adopt(&name, policy);
                return;
            }
        }
    }
}

fn report_difference<P: Policy>(in_force: &P, other: &P, place: &str) {
    if !std::ptr::eq(in_force, other) && !in_force.same_config(other) {
        record_conflict(Conflict {
            attribute: P::ATTRIBUTE,
            name: other.name().to_string(),
            in_force: in_force.describe_config(),
            refused: other.describe_config(),
            place: place.to_owned(),
        });
    }
}
