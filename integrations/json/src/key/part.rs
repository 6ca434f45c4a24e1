use super::{KeyError, KeyProblem};

/// The most bytes in one part of a key.
pub(super) const LONGEST: usize = 255;
/// The most bytes in a key: one of four parts, each of them as long as can be and all of it escaped.
pub(super) const LONGEST_KEY: usize = 2048;

/// The part as it is, if it can be one.
pub(super) fn checked<'a>(name: &'static str, part: &'a str) -> Result<&'a str, KeyError> {
    checked_up_to(LONGEST, name, part)
}

pub(super) fn checked_up_to<'a>(
    longest: usize,
    name: &'static str,
    part: &'a str,
) -> Result<&'a str, KeyError> {
    let trimmed = part.trim();
    let problem = match () {
        () if trimmed.is_empty() => KeyProblem::Empty,
        () if part.chars().any(char::is_control) => KeyProblem::ControlCharacter,
        () if trimmed.len() != part.len() => KeyProblem::Padded,
        () if part.len() > longest => KeyProblem::TooLong,
        () => return Ok(part),
    };
    Err(KeyError::new(name, problem))
}

/// The part without the separator `_`: one that is in it is written `%5F`, and `%` is `%25`.
pub(super) fn escaped(name: &'static str, part: &str) -> Result<String, KeyError> {
    let mut escaped = String::with_capacity(part.len());
    for c in checked(name, part)?.chars() {
        match c {
            '_' => escaped.push_str("%5F"),
            '%' => escaped.push_str("%25"),
            c => escaped.push(c),
        }
    }
    Ok(escaped)
}
