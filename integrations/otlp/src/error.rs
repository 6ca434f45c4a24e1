use std::{error::Error as StdError, fmt};

use mainstay_runtime::trace::VariableError;

/// Why tracing cannot be set up: which option or variable, what it holds, and what to write instead.
///
/// ```
/// use mainstay_otlp::{TracingConfig, setup_tracing};
///
/// let error = setup_tracing(TracingConfig::new("orders").sample_rate(10.0)).unwrap_err();
/// assert_eq!(error.to_string(), "option `sample_rate` is `10`: write a share of all traces from 0 to 1, such as 0.1");
/// ```
pub struct SetupError(Box<Problem>);

#[derive(Debug)]
struct Problem {
    place: Place,
    value: Option<String>,
    remedy: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// An option of `TracingConfig`.
    Option(&'static str),
    /// A variable of the environment.
    Variable(&'static str),
    /// The pipeline itself.
    Pipeline,
}

impl SetupError {
    pub(crate) fn new(place: Place, value: Option<String>, remedy: impl Into<String>) -> Self {
        Self(Box::new(Problem { place, value, remedy: remedy.into(), source: None }))
    }

    pub(crate) fn option(name: &'static str, value: Option<String>, remedy: impl Into<String>) -> Self {
        Self::new(Place::Option(name), value, remedy)
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The environment variable at fault, if one is.
    pub fn variable(&self) -> Option<&'static str> {
        if let Place::Variable(name) = self.0.place { Some(name) } else { None }
    }

    /// The option of [`TracingConfig`](crate::TracingConfig) at fault, if one is.
    pub fn option_name(&self) -> Option<&'static str> {
        if let Place::Option(name) = self.0.place { Some(name) } else { None }
    }
}

impl From<VariableError> for SetupError {
    fn from(error: VariableError) -> Self {
        Self::new(Place::Variable(error.variable()), error.value().map(str::to_owned), error.remedy())
    }
}

/// As [`Display`](fmt::Display): a `main` that returns it, and an `unwrap`, print this.
impl fmt::Debug for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { place, value, remedy, .. } = &*self.0;
        match place {
            Place::Option(name) => write!(f, "option `{name}`")?,
            Place::Variable(name) => write!(f, "environment variable `{name}`")?,
            Place::Pipeline => f.write_str("tracing")?,
        }
        match value {
            Some(value) => write!(f, " is `{value}`: {remedy}"),
            None => write!(f, ": {remedy}"),
        }
    }
}

impl StdError for SetupError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}
