//! The reporter of a system: short messages to people, with pictures, on the console and in a file.

mod emoji;
mod system;

pub use emoji::{Category, Emoji};
pub use system::{InContext, SystemReporter};
