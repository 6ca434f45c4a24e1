use std::fmt;

use crate::observe::{self, Event};

/// One option of one policy that has another value than before.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changed {
    /// The policy's name.
    pub policy: String,
    /// Its attribute, such as `circuit_breaker`.
    pub kind: &'static str,
    /// The option; `enabled` where it was switched on or off.
    pub option: &'static str,
    /// What was in force, in the attribute's spelling; `none` where the option was not set.
    pub old: String,
    /// What is in force now.
    pub new: String,
    /// Where the new value is written: a file and line, a variable; `code` where it is the code's again.
    pub origin: String,
}

impl Changed {
    pub(super) fn report(&self) {
        let Self { policy, kind, option, old, new, origin } = self;
        observe::report(&Event::Overridden { policy, kind, option, old, new, origin });
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { policy, kind, option, old, new, origin } = self;
        write!(f, "{kind} `{policy}`: {option} {old} -> {new} ({origin})")
    }
}

/// What a load came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub(super) changes: Vec<Changed>,
    pub(super) settings: usize,
}

impl Report {
    /// What is different now, by policy.
    pub fn changes(&self) -> &[Changed] {
        &self.changes
    }

    /// How many values the sources set, each counted once however many sources name it.
    pub const fn settings(&self) -> usize {
        self.settings
    }
}

/// A line for each change.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} values set, {} changes", self.settings, self.changes.len())?;
        self.changes.iter().try_for_each(|change| write!(f, "\n  {change}"))
    }
}
