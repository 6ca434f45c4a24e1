use crate::{SetupError, error::Place};

/// A setting, and where it comes from, for who finds it wrong.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

impl<T> Given<T> {
    /// From the code.
    pub(crate) fn option(name: &'static str, value: T) -> Self {
        Self { value, place: Place::Option(name) }
    }

    pub(crate) fn wrong(&self, remedy: impl Into<String>) -> SetupError
    where
        T: ToString,
    {
        SetupError::new(self.place, Some(self.value.to_string()), remedy)
    }

    /// The same without its value, which may hold a secret.
    pub(crate) fn wrong_secret(&self, remedy: impl Into<String>) -> SetupError {
        SetupError::new(self.place, None, remedy)
    }

    pub(crate) fn map<U>(self, map: impl FnOnce(T) -> U) -> Given<U> {
        Given { value: map(self.value), place: self.place }
    }
}

impl Given<String> {
    /// The value as something else; `remedy` says what to write where it is none.
    pub(crate) fn parse<U>(
        self,
        parse: impl FnOnce(&str) -> Option<U>,
        remedy: &str,
    ) -> Result<Given<U>, SetupError> {
        match parse(&self.value) {
            Some(value) => Ok(Given { value, place: self.place }),
            None => Err(self.wrong(remedy)),
        }
    }
}
