//! The names of old files, and which of them have to go.

use std::{
    ffi::OsStr,
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::LogFile;
use crate::format::stamp;

/// Moves the file away under a name that is free. Whatever happens in between, no file is overwritten by another.
pub(super) fn move_away(path: &Path, now: SystemTime) -> io::Result<()> {
    let (stem, extension) = parts(path);
    let moment = stamp(now).to_string();
    // Behind those of the same moment, so that the order of names is that of time even where the first are gone.
    let first = old_files(path).iter().rev().find_map(|file| {
        let name = file.file_name()?.to_str()?;
        let number =
            name.strip_prefix(&stem)?.strip_prefix('.')?.strip_prefix(&moment)?.strip_suffix(&extension)?;
        Some(number.strip_prefix('~').and_then(|number| number.parse().ok()).unwrap_or(0) + 1)
    });
    for number in first.unwrap_or(0)..10_000 {
        // `~` sorts behind the dot, so that names of one moment stay in order.
        let name = match number {
            0 => format!("{stem}.{moment}{extension}"),
            _ => format!("{stem}.{moment}~{number:04}{extension}"),
        };
        let target = path.with_file_name(name);
        // Taking the name first keeps it from another process that rotates the same file.
        match OpenOptions::new().write(true).create_new(true).open(&target) {
            Ok(_) => return fs::rename(path, &target).inspect_err(|_| drop(fs::remove_file(&target))),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "10,000 log files of one moment"))
}

fn parts(path: &Path) -> (String, String) {
    let text = |part: Option<&OsStr>| part.map(|part| part.to_string_lossy().into_owned());
    let extension = text(path.extension()).map(|extension| format!(".{extension}"));
    (text(path.file_stem()).unwrap_or_default(), extension.unwrap_or_default())
}

/// The old files of `path`, the oldest first.
pub(super) fn old_files(path: &Path) -> Vec<PathBuf> {
    let (stem, extension) = parts(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let middle = name.strip_prefix(&stem)?.strip_prefix('.')?.strip_suffix(&extension)?;
            is_stamp(middle).then_some(name)
        })
        .collect();
    files.sort_unstable();
    files.into_iter().map(|name| folder.join(name)).collect()
}

/// `20261121T144229.123Z`, perhaps with a number: nothing else is ours to remove.
fn is_stamp(text: &str) -> bool {
    let (stamp, number) = text.split_once('~').unwrap_or((text, "0000"));
    let has_form = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                _ => byte == form,
            })
    };
    has_form(stamp, "00000000T000000.000Z") && has_form(number, "0000")
}

/// Removes the old files that are too many or too old. One that cannot be removed is tried again next time.
pub(super) fn remove_old(file: &LogFile, now: SystemTime) {
    let files = old_files(&file.path);
    let surplus = file.keep.map_or(0, |keep| files.len().saturating_sub(keep));
    let is_too_old = |path: &PathBuf| {
        let written = fs::metadata(path).and_then(|data| data.modified());
        let age = written.ok().and_then(|written| now.duration_since(written).ok());
        file.max_age.zip(age).is_some_and(|(most, age)| age > most)
    };
    for (at, path) in files.iter().enumerate() {
        if at < surplus || is_too_old(path) {
            let _ = fs::remove_file(path);
        }
    }
}
