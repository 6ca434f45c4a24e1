//! How a record is written.

mod escape;
mod json;
mod pretty;
#[cfg(test)]
mod tests;
mod time;

use crate::record::Record;

pub use json::Json;
pub use pretty::Pretty;
pub(crate) use time::stamp;

/// Writes records as lines.
///
/// Implement it for a form of your own. A line must end with a newline, and holds no control characters of the user's if
/// it is to be read by machines or on terminals: [`Json`] and [`Pretty`] escape them.
///
/// ```
/// use mainstay_logging::{Format, Record};
///
/// struct Short;
///
/// impl Format for Short {
///     fn write(&self, record: &Record<'_>, line: &mut String) {
///         line.push_str(&format!("{} {:?}\n", record.level, record.message));
///     }
/// }
/// ```
pub trait Format: Send + Sync + 'static {
    /// Appends `record` to `line`, which is empty.
    fn write(&self, record: &Record<'_>, line: &mut String);
}
