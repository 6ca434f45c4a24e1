use std::io::{self, IsTerminal};

use super::{Output, Stream};
use crate::environment::Variables;

/// The stream of the process that is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Console {
    /// The standard output, which containers collect.
    #[default]
    Stdout,
    /// The standard error, for programs whose output is read by others.
    Stderr,
}

impl Console {
    pub(crate) fn open(self) -> Box<dyn Output> {
        match self {
            Self::Stdout => Box::new(Stream(io::stdout())),
            Self::Stderr => Box::new(Stream(io::stderr())),
        }
    }

    /// Whether colours are to be used there: `NO_COLOR` forbids them, `CLICOLOR_FORCE` and `FORCE_COLOR` demand them,
    /// otherwise terminals that can have them.
    pub(crate) fn has_colours(self, variables: &Variables) -> bool {
        let is_set = |name| variables.get(name).is_some_and(|value| value != "0");
        if variables.get("NO_COLOR").is_some() {
            return false;
        }
        is_set("CLICOLOR_FORCE")
            || is_set("FORCE_COLOR")
            || self.is_terminal() && variables.get("TERM").as_deref() != Some("dumb")
    }

    fn is_terminal(self) -> bool {
        match self {
            Self::Stdout => io::stdout().is_terminal(),
            Self::Stderr => io::stderr().is_terminal(),
        }
    }
}
