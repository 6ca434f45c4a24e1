//! Where lines go: a bounded queue before each place, and a thread of its own that writes there.

mod console;
mod file;
mod lines;
mod names;
mod queue;
mod rotation;
mod stream;
#[cfg(test)]
mod tests;
mod writer;

pub use console::Console;
pub(crate) use file::RotatingFile;
pub(crate) use lines::{Lines, Output};
pub(crate) use queue::{Full, Queue};
pub use rotation::{Every, LogFile};
pub(crate) use stream::Stream;
pub(crate) use writer::is_writing;
