use std::collections::BTreeSet;

use super::{Steered, Switch, option::AnyOpt};
use crate::registry::Policy;

/// A kind of policy whose options can be set.
pub(crate) struct Kind {
    pub(super) attribute: &'static str,
    pub(super) switch: Switch,
    pub(super) options: Vec<&'static dyn AnyOpt>,
}

impl Kind {
    pub(crate) fn of<P: Policy>() -> Self {
        let options = P::OPTIONS.iter().map(|option| option as &'static dyn AnyOpt).collect();
        Self { attribute: P::ATTRIBUTE, switch: P::SWITCH, options }
    }
}

/// A policy under the name that the registry has it under.
#[derive(Clone)]
pub(crate) struct Target {
    pub(super) name: String,
    pub(super) policy: &'static dyn Steered,
}

impl Target {
    pub(crate) fn new<P: Policy>((name, policy): (String, &'static P)) -> Self {
        Self { name, policy }
    }
}

/// What there is in this program to be set: kinds, their options, the names of policies.
pub struct Known {
    pub(super) kinds: Vec<Kind>,
    pub(super) targets: Vec<Target>,
    /// Names of policies that will be made later.
    pub(super) later: BTreeSet<String>,
}

impl Known {
    /// What there is in this program. A [`Source`](super::Source) is given it; this is for its tests.
    pub fn of_program() -> Self {
        super::program::find()
    }

    /// The attributes whose policies can be set, such as `retry`.
    pub fn attributes(&self) -> BTreeSet<&'static str> {
        self.kinds.iter().map(|kind| kind.attribute).collect()
    }

    /// The options of an attribute, `enabled` among them; none if it is unknown.
    pub fn options(&self, attribute: &str) -> BTreeSet<&'static str> {
        let kinds = self.kinds.iter().filter(|kind| kind.attribute == attribute);
        let names = kinds.flat_map(|kind| {
            let options = kind.options.iter().filter(|option| option.can_be_set());
            options.map(|option| option.name()).chain([ENABLED])
        });
        names.collect()
    }

    /// The names of the policies that can be set, with their attributes.
    pub fn policies(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let here = self.targets.iter().filter(|target| target.policy.can_be_set());
        here.map(|target| (target.name.as_str(), target.policy.attribute()))
    }

    /// The names that were announced with [`later`](super::Overrides::later).
    pub fn announced(&self) -> impl Iterator<Item = &str> {
        self.later.iter().map(String::as_str)
    }

    pub(super) fn kinds_of(&self, attribute: &str) -> impl Iterator<Item = &Kind> {
        self.kinds.iter().filter(move |kind| kind.attribute == attribute)
    }
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known")
            .field("attributes", &self.attributes())
            .field("policies", &self.policies().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// The option that every kind has.
pub(super) const ENABLED: &str = "enabled";
