use std::{ffi::OsString, time::Duration};

use crate::{SetupError, error::Place, given::Given};

/// Where variables are looked up.
pub(crate) struct Environment(Box<Look>);

type Look = dyn Fn(&str) -> Option<OsString>;

impl Environment {
    /// That of this process.
    pub(crate) fn of_process() -> Self {
        Self(Box::new(|name| std::env::var_os(name)))
    }

    /// One without variables.
    pub(crate) fn empty() -> Self {
        Self(Box::new(|_| None))
    }

    #[cfg(test)]
    pub(crate) fn of(variables: &[(&'static str, &'static str)]) -> Self {
        let variables = variables.to_vec();
        Self(Box::new(move |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
        }))
    }

    /// The first of these variables that is set. An empty one counts as not set, as OpenTelemetry has it.
    pub(crate) fn first(&self, names: &[&'static str]) -> Result<Option<Given<String>>, SetupError> {
        for name in names {
            let Some(value) = (self.0)(name) else { continue };
            let place = Place::Variable(name);
            let Ok(value) = value.into_string() else {
                return Err(SetupError::new(place, None, "it is no text: write it in UTF-8"));
            };
            let value = value.trim();
            if !value.is_empty() {
                return Ok(Some(Given { value: value.to_owned(), place }));
            }
        }
        Ok(None)
    }

    /// A truth value.
    pub(crate) fn is_true(&self, name: &'static str) -> Result<bool, SetupError> {
        let Some(given) = self.first(&[name])? else { return Ok(false) };
        let parsed = given.parse(
            |text| match text.to_ascii_lowercase().as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            "write `true` or `false`",
        )?;
        Ok(parsed.value)
    }

    /// A whole number of at least 1.
    pub(crate) fn count(&self, name: &'static str) -> Result<Option<Given<usize>>, SetupError> {
        let at_least_one = |text: &str| text.parse().ok().filter(|count| *count > 0);
        let given = self.first(&[name])?;
        given
            .map(|given| given.parse(at_least_one, "write a whole number of at least 1, such as 512"))
            .transpose()
    }

    /// A time in milliseconds, of at least one.
    pub(crate) fn millis(&self, names: &[&'static str]) -> Result<Option<Given<Duration>>, SetupError> {
        let at_least_one =
            |text: &str| text.parse().ok().filter(|millis| *millis > 0).map(Duration::from_millis);
        let given = self.first(names)?;
        given
            .map(|given| {
                given.parse(at_least_one, "write a time in milliseconds, without a unit, such as 10000")
            })
            .transpose()
    }
}
