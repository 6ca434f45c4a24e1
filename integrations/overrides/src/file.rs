//! A file's text, or why there is none.

use std::{fs::File, io, io::Read, path::Path};

/// More than anybody writes by hand.
const LARGEST: u64 = 1 << 20;

pub(crate) enum Found {
    Text(String),
    Missing,
}

/// The text of the file. An error is the line, if it is one line's fault, and what is wrong.
pub(crate) fn text(path: &Path) -> Result<Found, (Option<usize>, String)> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Missing),
        Err(error) => return Err((None, format!("it cannot be read: {error}"))),
    }
    if bytes.len() as u64 > LARGEST {
        return Err((None, "it is larger than a mebibyte; is it the right file?".to_owned()));
    }
    decode(bytes).map(Found::Text).map_err(|(line, problem)| (Some(line), problem))
}

pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, (usize, String)> {
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        (Lines::of(good).at(good.len()), "it is no UTF-8; save it as UTF-8".to_owned())
    })
}

/// Where the lines of a text begin.
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn of(text: &[u8]) -> Self {
        let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        Self(ends.map(|(at, _)| at + 1).collect())
    }

    /// The line of the byte at `offset`, from 1.
    pub(crate) fn at(&self, offset: usize) -> usize {
        1 + self.0.partition_point(|start| *start <= offset)
    }
}
