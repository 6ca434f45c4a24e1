//! What a program without a subscriber would fail in silence about.

use std::{
    fmt,
    io::{self, Write},
};

/// Writes what was logged to stderr, where nobody hears logs: a program is to say why it exits with something other than 0.
pub(super) fn unheard(line: fmt::Arguments<'_>) {
    if !tracing::dispatcher::has_been_set() {
        // There is nobody left to tell if stderr is closed, and nothing may panic here.
        let _ = writeln!(io::stderr().lock(), "mainstay: {line}");
    }
}
