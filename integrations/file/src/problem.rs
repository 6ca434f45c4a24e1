use std::{io::ErrorKind, path::Path};

use mainstay_runtime::store::{StoreError, StoreErrorKind};
use redb::Error as Redb;

/// How errors name the store.
pub(crate) fn describe(path: &Path) -> String {
    format!("file store at {}", path.display())
}

/// What the database said, with what helps.
pub(crate) fn told(path: &Path, operation: &'static str, error: impl Into<Redb>) -> StoreError {
    let error = error.into();
    let (kind, problem) = match &error {
        Redb::Io(io) => return of_io(path, operation, io.kind(), error),
        Redb::DatabaseAlreadyOpen | Redb::LockProtocolMismatch => (StoreErrorKind::Unavailable, in_use()),
        Redb::Corrupted(what) => (StoreErrorKind::Incompatible, damaged(what)),
        Redb::UpgradeRequired(version) => (
            StoreErrorKind::Incompatible,
            format!(
                "it is a redb database of format {version}, which this version does not read; make a new file"
            ),
        ),
        Redb::TableTypeMismatch { .. } | Redb::TypeDefinitionChanged { .. } | Redb::TableIsMultimap(_) => {
            (StoreErrorKind::Incompatible, foreign())
        }
        _ => (StoreErrorKind::Unavailable, format!("{error}; the file is opened anew with the next step")),
    };
    StoreError::because(kind, describe(path), operation, problem, error)
}

/// A panic of the database, which is how it may answer to a file that was damaged.
pub(crate) fn panicked(path: &Path, operation: &'static str) -> StoreError {
    StoreError::new(
        StoreErrorKind::Incompatible,
        describe(path),
        operation,
        damaged("the database gave up on it"),
    )
}

pub(crate) fn new(path: &Path, operation: &'static str, kind: StoreErrorKind, problem: String) -> StoreError {
    StoreError::new(kind, describe(path), operation, problem)
}

fn in_use() -> String {
    "it is open already, in another process or by another `FileStore` in this one; a file belongs to one at a time: stop \
     the other, give each its own file, or share a store on a server (Redis, PostgreSQL)"
        .into()
}

fn damaged(what: &str) -> String {
    format!(
        "the file is damaged ({what}); bring it back from a backup, or move it away to begin anew: what it holds is then \
         forgotten, and calls with its keys run again"
    )
}

pub(crate) fn foreign() -> String {
    "this is not a file store of Mainstay; name a file of its own, which is made if it is not there".into()
}

/// An error of the operating system.
pub(crate) fn of_io(
    path: &Path,
    operation: &'static str,
    kind: ErrorKind,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> StoreError {
    let source = source.into();
    let (kind, problem) = match kind {
        ErrorKind::PermissionDenied => (
            StoreErrorKind::Refused,
            "permission denied; the process must be able to read and write the file, and to make files in its folder"
                .into(),
        ),
        ErrorKind::ReadOnlyFilesystem => {
            (StoreErrorKind::Refused, "the file system is read-only; name a file elsewhere".into())
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            (StoreErrorKind::Full, format!("there is no room for it ({source}); free some on the disk"))
        }
        ErrorKind::InvalidData => (StoreErrorKind::Incompatible, foreign()),
        ErrorKind::UnexpectedEof => (StoreErrorKind::Incompatible, damaged("it ends too early")),
        _ => (StoreErrorKind::Unavailable, format!("{source}; the file is opened anew with the next step")),
    };
    StoreError::because(kind, describe(path), operation, problem, source)
}
