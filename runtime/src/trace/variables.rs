use std::{error::Error as StdError, ffi::OsString, fmt, time::Duration};

/// Where variables of the environment are looked up: the one reader of all that OpenTelemetry's variables say.
///
/// An empty variable counts as not set, as OpenTelemetry has it, and white space around a value is no part of it.
pub struct Variables<'v>(Box<Look<'v>>);

type Look<'v> = dyn Fn(&str) -> Option<OsString> + 'v;

/// A variable that is set, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable<T = String> {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: T,
}

/// A variable has a value that it cannot have.
#[derive(Clone, PartialEq, Eq)]
pub struct VariableError {
    variable: &'static str,
    value: Option<String>,
    remedy: String,
}

impl<'v> Variables<'v> {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self(Box::new(|name| std::env::var_os(name)))
    }

    /// None.
    pub fn none() -> Self {
        Self(Box::new(|_| None))
    }

    /// These.
    pub fn of<N: AsRef<str> + 'v, V: AsRef<str> + 'v>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let pairs: Vec<(N, V)> = pairs.into_iter().collect();
        Self(Box::new(move |name| {
            pairs.iter().find(|(known, _)| known.as_ref() == name).map(|(_, value)| value.as_ref().into())
        }))
    }

    /// The first of these that is set.
    ///
    /// # Errors
    /// It is no text.
    pub fn first(&self, names: &[&'static str]) -> Result<Option<Variable>, VariableError> {
        for name in names {
            let Some(value) = (self.0)(name) else { continue };
            let Ok(value) = value.into_string() else {
                let remedy = "it is no text: write it in UTF-8".into();
                return Err(VariableError { variable: name, value: None, remedy });
            };
            let value = value.trim();
            if !value.is_empty() {
                return Ok(Some(Variable { name, value: value.to_owned() }));
            }
        }
        Ok(None)
    }

    /// The first of these that is set, as something else; `remedy` says what to write where it is none.
    ///
    /// # Errors
    /// It is none.
    pub fn parsed<T>(
        &self,
        names: &[&'static str],
        parse: impl FnOnce(&str) -> Option<T>,
        remedy: &str,
    ) -> Result<Option<Variable<T>>, VariableError> {
        self.first(names)?.map(|given| given.parse(parse, remedy)).transpose()
    }

    /// A truth value; not set it is false.
    ///
    /// # Errors
    /// It is neither `true` nor `false`, in whatever case.
    pub fn is_true(&self, name: &'static str) -> Result<bool, VariableError> {
        let parse = |text: &str| match text.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        Ok(self.parsed(&[name], parse, "write `true` or `false`")?.is_some_and(|given| given.value))
    }

    /// A whole number of at least `least`.
    ///
    /// # Errors
    /// It is none.
    pub fn count(
        &self,
        names: &[&'static str],
        least: usize,
    ) -> Result<Option<Variable<usize>>, VariableError> {
        let parse = |text: &str| text.parse().ok().filter(|count| *count >= least);
        self.parsed(names, parse, &format!("write a whole number of at least {least}, such as 512"))
    }

    /// A time in milliseconds, of at least one.
    ///
    /// # Errors
    /// It is none.
    pub fn millis(&self, names: &[&'static str]) -> Result<Option<Variable<Duration>>, VariableError> {
        let parse = |text: &str| text.parse().ok().filter(|millis| *millis > 0).map(Duration::from_millis);
        self.parsed(names, parse, "write a time in milliseconds, without a unit, such as 10000")
    }
}

impl Variable {
    /// The value as something else; `remedy` says what to write where it is none.
    ///
    /// # Errors
    /// It is none.
    pub fn parse<T>(
        self,
        parse: impl FnOnce(&str) -> Option<T>,
        remedy: &str,
    ) -> Result<Variable<T>, VariableError> {
        match parse(&self.value) {
            Some(value) => Ok(Variable { name: self.name, value }),
            None => Err(self.wrong(remedy)),
        }
    }

    /// That it makes no sense.
    pub fn wrong(&self, remedy: impl Into<String>) -> VariableError {
        VariableError { variable: self.name, value: Some(self.value.clone()), remedy: remedy.into() }
    }
}

impl VariableError {
    /// The variable.
    pub fn variable(&self) -> &'static str {
        self.variable
    }

    /// Its value, where it may be shown.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// What to write instead.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

/// As [`Display`](fmt::Display): a `main` that returns it, and an `unwrap`, print this.
impl fmt::Debug for VariableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for VariableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { variable, value, remedy } = self;
        match value {
            Some(value) => write!(f, "environment variable `{variable}` is `{value}`: {remedy}"),
            None => write!(f, "environment variable `{variable}`: {remedy}"),
        }
    }
}

impl StdError for VariableError {}

impl fmt::Debug for Variables<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Variables")
    }
}
