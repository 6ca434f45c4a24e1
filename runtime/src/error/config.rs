use std::fmt;

/// A configuration that makes no sense: which option, what is wrong with it and what to write instead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ConfigError {
    option: &'static str,
    problem: &'static str,
}

impl ConfigError {
    /// `option` is the option's name, `problem` a sentence that says what it must be.
    pub const fn new(option: &'static str, problem: &'static str) -> Self {
        Self { option, problem }
    }

    /// The option at fault.
    pub const fn option(&self) -> &'static str {
        self.option
    }

    /// What is wrong and what to write instead.
    pub const fn problem(&self) -> &'static str {
        self.problem
    }
}

/// As [`Display`](fmt::Display): a `main` that returns it, and an `unwrap`, print this.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.option, self.problem)
    }
}

impl std::error::Error for ConfigError {}
