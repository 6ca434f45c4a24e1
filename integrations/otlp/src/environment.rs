use std::time::Duration;

use mainstay_runtime::trace::{Variable, Variables};

use crate::{SetupError, error::Place, given::Given};

/// Where variables are looked up, and what they say with the place where it is said.
pub(crate) struct Environment(pub(crate) Variables<'static>);

impl Environment {
    /// That of this process.
    pub(crate) fn of_process() -> Self {
        Self(Variables::of_process())
    }

    /// One without variables.
    pub(crate) fn empty() -> Self {
        Self(Variables::none())
    }

    /// One of these variables.
    #[cfg(test)]
    pub(crate) fn of(variables: &[(&'static str, &'static str)]) -> Self {
        Self(Variables::of(variables.to_vec()))
    }

    /// The first of these variables that is set.
    pub(crate) fn first(&self, names: &[&'static str]) -> Result<Option<Given<String>>, SetupError> {
        Ok(self.0.first(names)?.map(Given::from))
    }

    /// A whole number of at least 1.
    pub(crate) fn count(&self, name: &'static str) -> Result<Option<usize>, SetupError> {
        Ok(self.0.count(&[name], 1)?.map(|given| given.value))
    }

    /// A time in milliseconds, of at least one.
    pub(crate) fn millis(&self, names: &[&'static str]) -> Result<Option<Duration>, SetupError> {
        Ok(self.0.millis(names)?.map(|given| given.value))
    }
}

impl<T> From<Variable<T>> for Given<T> {
    fn from(variable: Variable<T>) -> Self {
        Self { value: variable.value, place: Place::Variable(variable.name) }
    }
}
