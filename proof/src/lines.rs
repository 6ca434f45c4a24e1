use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use crate::plan::Outcome;

/// A file to which processes add whole lines. What a killed process wrote is the system's and stays.
#[derive(Debug)]
pub(crate) struct Lines {
    file: File,
}

impl Lines {
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        file.map(|file| Self { file }).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Adds one line, in one write.
    pub(crate) fn add(&self, line: &str) -> Outcome<()> {
        (&self.file).write_all(format!("{line}\n").as_bytes()).map_err(|error| format!("a line: {error}"))
    }
}

/// The words of every line of a file; none where there is no file.
pub(crate) fn read(path: &Path) -> Outcome<Vec<Vec<u64>>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let words = |line: &str| {
        let words: Result<Vec<u64>, _> = line.split(' ').map(str::parse).collect();
        words.map_err(|_| format!("{}: `{line}` is no line of numbers", path.display()))
    };
    text.lines().map(words).collect()
}

/// Every effect: its key, its number, and the life of the process that made it.
pub(crate) fn ledger(folder: &Path) -> PathBuf {
    folder.join("ledger")
}

/// What one process has been told: the operation and the number of the effect.
pub(crate) fn answers(folder: &Path, process: u32) -> PathBuf {
    folder.join(format!("answers-{process}"))
}

/// The calls of which a process was told that they are not recorded: the key, and the life of the process.
pub(crate) fn unrecorded(folder: &Path) -> PathBuf {
    folder.join("unrecorded")
}

/// The calls that lost their lease and came late with their answer: the key, and the life of the process.
pub(crate) fn late(folder: &Path) -> PathBuf {
    folder.join("late")
}
