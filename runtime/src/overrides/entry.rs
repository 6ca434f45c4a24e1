use std::fmt;

/// What a value is set for. The narrower wins: a name over a kind, a kind over all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Every policy: the master switch, whose one option is `enabled`.
    All,
    /// Every policy of an attribute, such as `retry`.
    Kind(String),
    /// The policies of that name and attribute.
    Name {
        /// The name, as the attribute or the builder gives it; the function's path where none is given.
        name: String,
        /// The attribute, such as `retry`.
        attribute: String,
    },
}

impl Level {
    /// The level of one name and attribute.
    pub fn name(name: impl Into<String>, attribute: impl Into<String>) -> Self {
        Self::Name { name: name.into(), attribute: attribute.into() }
    }

    /// The level of an attribute.
    pub fn kind(attribute: impl Into<String>) -> Self {
        Self::Kind(attribute.into())
    }
}

/// The way to it, as a file has it: `kinds.retry`, `policies.payments.retry`.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => Ok(()),
            Self::Kind(attribute) => write!(f, "kinds.{attribute}"),
            Self::Name { name, attribute } => write!(f, "policies.{name}.{attribute}"),
        }
    }
}

/// One value that a source sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub(super) place: String,
    pub(super) level: Level,
    pub(super) option: String,
    pub(super) value: String,
}

impl Entry {
    /// `place` is where it is written, for people: a file and line, a variable. `value` is in the spelling of the
    /// attribute's literals, without quotes.
    pub fn new(
        place: impl Into<String>,
        level: Level,
        option: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self { place: place.into(), level, option: option.into(), value: value.into() }
    }

    /// The way to the option, as a file has it: `policies.payments.retry.max_attempts`.
    pub fn key(&self) -> String {
        match &self.level {
            Level::All => self.option.clone(),
            level => format!("{level}.{}", self.option),
        }
    }

    /// Where it is written.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What it is set for.
    pub fn level(&self) -> &Level {
        &self.level
    }

    /// The option.
    pub fn option(&self) -> &str {
        &self.option
    }

    /// The value, as it is written.
    pub fn value(&self) -> &str {
        &self.value
    }

    pub(super) fn problem(&self, problem: impl Into<String>) -> super::Problem {
        super::Problem::new(self.place.clone(), self.key(), problem)
    }
}
