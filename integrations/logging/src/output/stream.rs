use std::io::{self, Write};

use super::{Lines, Output};

/// A stream that takes what it is given: the console, or a writer of the user's.
pub(crate) struct Stream<W>(pub(crate) W);

impl<W: Write + Send + 'static> Output for Stream<W> {
    fn write(&mut self, lines: &Lines) -> Result<(), (u64, io::Error)> {
        self.0
            .write_all(&lines.bytes)
            .and_then(|()| self.0.flush())
            .map_err(|error| (lines.len() as u64, error))
    }
}
