use std::panic::Location;

use super::{Entry, Known, Level, Said, Source};

/// Values given in code, for what the program knows only when it runs. Their place is the line that gives them.
///
/// A value is a text in the spelling of the attribute's literals, or a number or `bool`.
///
/// ```
/// use mainstay_runtime::overrides::Values;
///
/// let values = Values::new()
///     .kind("retry", "max_attempts", 5)
///     .name("payments", "circuit_breaker", "timeout", "10s")
///     .name("payments", "retry", "enabled", false);
/// # let _ = values;
/// ```
#[derive(Debug, Clone, Default)]
pub struct Values {
    entries: Vec<Entry>,
}

impl Values {
    /// None.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Sets an option of the policies with that name and attribute.
    #[must_use]
    #[track_caller]
    pub fn name(self, name: &str, attribute: &str, option: &str, value: impl ToString) -> Self {
        self.add(Level::name(name, attribute), option, value.to_string(), Location::caller())
    }

    /// Sets an option of every policy of an attribute.
    #[must_use]
    #[track_caller]
    pub fn kind(self, attribute: &str, option: &str, value: impl ToString) -> Self {
        self.add(Level::kind(attribute), option, value.to_string(), Location::caller())
    }

    /// The master switch.
    #[must_use]
    #[track_caller]
    pub fn enabled(self, enabled: bool) -> Self {
        self.add(Level::All, super::known::ENABLED, enabled.to_string(), Location::caller())
    }

    fn add(mut self, level: Level, option: &str, value: String, place: &Location<'_>) -> Self {
        self.entries.push(Entry::new(format!("{}:{}", place.file(), place.line()), level, option, value));
        self
    }
}

impl Source for Values {
    fn read(&self, _known: &Known) -> Said {
        self.entries.clone().into()
    }
}
