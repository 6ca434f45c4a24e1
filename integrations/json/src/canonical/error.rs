use std::{error::Error, fmt};

use serde::ser;

use crate::place::Place;

/// What in a value cannot be written, and where.
#[derive(Debug)]
pub(crate) struct CanonicalError {
    problem: String,
    place: Place,
}

impl CanonicalError {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), place: Place::default() }
    }

    /// The same, found inside the member of this name, or the element of this number.
    #[cold]
    pub(super) fn inside(mut self, place: impl fmt::Display) -> Self {
        self.place.is_inside(place);
        self
    }
}

impl fmt::Display for CanonicalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.problem, self.place)
    }
}

impl Error for CanonicalError {}

impl ser::Error for CanonicalError {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self::new(problem.to_string())
    }
}
