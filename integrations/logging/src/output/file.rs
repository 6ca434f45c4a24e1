use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
    time::SystemTime,
};

use super::{Lines, LogFile, Output, names};

/// Tells the time; another one in tests.
pub(super) type Now = fn() -> SystemTime;

/// A file that gives way to a new one.
pub(crate) struct RotatingFile {
    config: LogFile,
    now: Now,
    /// `None` after it could not be opened; the next write tries again.
    open: Option<Open>,
}

struct Open {
    file: File,
    bytes: u64,
    period: Option<u64>,
}

impl RotatingFile {
    /// Opens the file, so that a wrong path is told at once.
    pub(crate) fn open(config: LogFile) -> io::Result<Self> {
        Self::with_clock(config, SystemTime::now)
    }

    pub(super) fn with_clock(config: LogFile, now: Now) -> io::Result<Self> {
        let mut file = Self { config, now, open: None };
        file.reopen()?;
        names::remove_old(&file.config, now());
        Ok(file)
    }

    fn reopen(&mut self) -> io::Result<&mut Open> {
        let path = &self.config.path;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(path)?;
        let data = file.metadata()?;
        end_last_line(&mut file, data.len())?;
        let last =
            if data.len() == 0 { (self.now)() } else { data.modified().unwrap_or_else(|_| (self.now)()) };
        let period = self.config.every.map(|every| every.period(last));
        Ok(self.open.insert(Open { file, bytes: data.len(), period }))
    }

    /// The file as it has to be for a line of so many bytes.
    fn ready(&mut self, bytes: u64, now: SystemTime) -> io::Result<&mut Open> {
        if self.open.as_ref().is_none_or(|open| !is_there(&open.file, &self.config.path)) {
            self.reopen()?;
        }
        if self.open.as_ref().is_some_and(|open| open.is_over(&self.config, bytes, now)) {
            self.open = None;
            // Where the file cannot be moved away it is written on: better too long than lost.
            if names::move_away(&self.config.path, now).is_ok() {
                names::remove_old(&self.config, now);
            }
            let period = self.config.every.map(|every| every.period(now));
            self.reopen()?.period = period;
        }
        match &mut self.open {
            Some(open) => Ok(open),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl Open {
    fn is_over(&self, config: &LogFile, bytes: u64, now: SystemTime) -> bool {
        let is_full = config.max_bytes.is_some_and(|most| self.bytes > 0 && self.bytes + bytes > most);
        is_full
            || config
                .every
                .zip(self.period)
                .is_some_and(|(every, period)| self.bytes > 0 && every.period(now) != period)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }
}

/// A crash or a full disk may have left half a line, which must not swallow the next.
fn end_last_line(file: &mut File, bytes: u64) -> io::Result<()> {
    let mut last = [b'\n'];
    if bytes > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

/// Whether `path` still leads to this file.
#[cfg(unix)]
fn is_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(open), Ok(there)) = (file.metadata(), fs::metadata(path)) else { return false };
    (open.ino(), open.dev()) == (there.ino(), there.dev())
}

#[cfg(not(unix))]
fn is_there(_: &File, path: &Path) -> bool {
    path.exists()
}

impl Output for RotatingFile {
    fn write(&mut self, lines: &Lines) -> Result<(), (u64, io::Error)> {
        let now = (self.now)();
        let (mut start, mut line) = (0, 0);
        while line < lines.len() {
            let first = line;
            let left = |line: usize| (lines.len() - line) as u64;
            let most = self.config.max_bytes.unwrap_or(u64::MAX);
            let open =
                self.ready((lines.ends[line] - start) as u64, now).map_err(|error| (left(first), error))?;
            // As many whole lines as fit go in one write.
            let fits = |end: usize| open.bytes.saturating_add((end - start) as u64) <= most;
            let count = lines.ends[line..].iter().take_while(|end| fits(**end)).count().max(1);
            line += count;
            let end = lines.ends[line - 1];
            if let Err(error) = open.write(&lines.bytes[start..end]) {
                self.open = None;
                return Err((left(first), error));
            }
            start = end;
        }
        Ok(())
    }
}
