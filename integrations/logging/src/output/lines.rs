use std::io;

/// Whole lines, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(super) bytes: Vec<u8>,
    /// Where each ends.
    pub(super) ends: Vec<usize>,
}

/// What is kept of the memory of a burst.
const KEPT: usize = 256 * 1024;

impl Lines {
    pub(crate) fn push(&mut self, line: &str) {
        self.bytes.extend_from_slice(line.as_bytes());
        self.ends.push(self.bytes.len());
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.bytes.shrink_to(KEPT);
        self.ends.shrink_to(KEPT / 64);
    }
}

/// A place to write to, used by one thread at a time.
pub(crate) trait Output: Send + 'static {
    /// Writes all lines.
    ///
    /// # Errors
    /// How many were not written, and why.
    fn write(&mut self, lines: &Lines) -> Result<(), (u64, io::Error)>;
}
