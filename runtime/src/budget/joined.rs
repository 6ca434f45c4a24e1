use std::fmt;

use super::Budget;
use crate::registry::{AnySlot, Policy, Slot};

/// The budget that a policy spends from.
#[derive(Clone, Copy)]
pub(crate) struct Joined {
    source: Source,
    /// Whether its first calls are paid in. Those of a function that is called within one that pays in already are not.
    pays: bool,
}

/// An instance, or the one that an attribute's slot leads to.
#[derive(Clone, Copy)]
enum Source {
    Instance(&'static Budget),
    Slot(&'static Slot<Budget>),
}

impl Joined {
    pub(crate) const fn instance(budget: &'static Budget, pays: bool) -> Self {
        Self { source: Source::Instance(budget), pays }
    }

    pub(crate) const fn slot(slot: &'static Slot<Budget>, pays: bool) -> Self {
        Self { source: Source::Slot(slot), pays }
    }

    #[inline]
    pub(crate) fn get(self) -> &'static Budget {
        match self.source {
            Source::Instance(budget) => budget,
            Source::Slot(slot) => slot.get(),
        }
    }

    /// A first call is made.
    #[inline]
    pub(crate) fn deposit(self) {
        if self.pays {
            self.get().deposit();
        }
    }

    fn name(self) -> &'static str {
        match self.source {
            Source::Instance(budget) => budget.name(),
            Source::Slot(slot) => Policy::name(slot.own()).as_str(),
        }
    }
}

/// The same name is the same budget. Two functions' own ones are alike if they say the same.
impl PartialEq for Joined {
    fn eq(&self, other: &Self) -> bool {
        let are_alike = match (self.source, other.source) {
            (Source::Slot(own), Source::Slot(others)) if !own.is_named() && !others.is_named() => {
                Policy::same_config(own.own(), others.own())
            }
            _ => self.name() == other.name(),
        };
        are_alike && self.pays == other.pays
    }
}

impl fmt::Debug for Joined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pays { f.write_str(self.name()) } else { write!(f, "within({})", self.name()) }
    }
}
