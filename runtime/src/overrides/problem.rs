use std::{error::Error, fmt};

/// Something in a source that cannot be followed: where, which key, what is wrong and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    place: String,
    key: String,
    problem: String,
}

impl Problem {
    /// `place` is a file and line, or a variable; `key` may be empty where the whole place is at fault; `problem` ends
    /// with what to do.
    pub fn new(place: impl Into<String>, key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: place.into(), key: key.into(), problem: problem.into() }
    }

    /// The file and line, the variable, or the place in the code.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The key, such as `policies.payments.retry.max_attempts`; empty where the whole place is at fault.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What is wrong and what to do.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.problem)
    }
}

/// Everything that is wrong with the sources. Nothing of them was set: what was in force is in force.
#[derive(Clone, PartialEq, Eq)]
pub struct OverridesError {
    problems: Vec<Problem>,
}

impl OverridesError {
    pub(super) fn new(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// All of it, in the order of the sources.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// As [`Display`](fmt::Display): a `main` that returns it prints this.
impl fmt::Debug for OverridesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for OverridesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.as_slice() {
            [one] => write!(f, "no override was set: {one}"),
            all => {
                write!(f, "no override was set, for {} reasons:", all.len())?;
                all.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

impl Error for OverridesError {}
