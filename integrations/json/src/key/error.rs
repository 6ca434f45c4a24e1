use std::{error::Error, fmt};

use mainstay_runtime::store::CodecError;

use super::part::LONGEST;

/// Why no key can be made of what was given. It names the part at fault and what helps.
#[derive(Debug, Clone)]
pub struct KeyError {
    part: &'static str,
    problem: KeyProblem,
}

/// What is wrong with a part of a key.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum KeyProblem {
    /// There is nothing in it, or nothing but spaces: calls that have nothing to do with one another would share the key.
    Empty,
    /// It begins or ends with a space, so that what reads as one key would be two.
    Padded,
    /// It has a control character, such as a line break.
    ControlCharacter,
    /// It is longer than the most bytes that a part may have.
    TooLong,
    /// They have no canonical JSON, or no names.
    Params(CodecError),
}

impl KeyError {
    pub(super) const fn new(part: &'static str, problem: KeyProblem) -> Self {
        Self { part, problem }
    }

    /// The part at fault, by the name of the argument: `client_key`, `params`.
    pub fn part(&self) -> &'static str {
        self.part
    }

    /// What is wrong with it.
    pub fn problem(&self) -> &KeyProblem {
        &self.problem
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no idempotency key: `{}` ", self.part)?;
        match &self.problem {
            KeyProblem::Empty => {
                f.write_str("is empty, and calls that have nothing in common would share the key: give what tells them apart")
            }
            KeyProblem::Padded => f.write_str("begins or ends with a space: trim it where it comes from"),
            KeyProblem::ControlCharacter => {
                f.write_str("has a control character, such as a line break: give it without")
            }
            KeyProblem::TooLong => {
                write!(f, "is longer than {LONGEST} bytes: give a digest of it, such as its SHA-256")
            }
            KeyProblem::Params(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl Error for KeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.problem {
            KeyProblem::Params(error) => Some(error),
            _ => None,
        }
    }
}
