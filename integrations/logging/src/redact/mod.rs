//! What must not be read in a log is replaced by `[redacted]`: values of names that mean secrets, and texts that look like one.

mod names;
mod redactor;
mod scan;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use names::SecretNames;
pub(crate) use redactor::Redactor;

/// What stands where a secret stood.
pub(crate) const REDACTED: &str = "[redacted]";
