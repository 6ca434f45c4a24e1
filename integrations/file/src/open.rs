use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use mainstay_runtime::store::{StoreError, StoreErrorKind};
use redb::{Database, ReadableDatabase, TableHandle};

use crate::{
    FileStoreBuilder, problem,
    tables::{FORMAT, META, RECORDS, Tables},
};

const OPEN: &str = "open";
/// The version of what is in the tables.
const VERSION: u64 = 1;

/// The file, opened and looked at; made where there is none.
pub(crate) fn open(options: &FileStoreBuilder) -> Result<Database, StoreError> {
    let path = &options.path;
    folder_exists(path)?;
    // The database panics where a damaged file leads it astray.
    catch_unwind(AssertUnwindSafe(|| {
        if !path.exists() {
            make(options).map_err(|error| problem::told(path, OPEN, error))?;
        }
        let opened = builder(options).open(path).map_err(|error| problem::told(path, OPEN, error))?;
        is_ours(path, &opened)?;
        Ok(opened)
    }))
    .unwrap_or_else(|_| Err(problem::panicked(path, OPEN)))
}

fn builder(options: &FileStoreBuilder) -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(options.cache_size).set_check_integrity_on_open(options.check_on_open);
    builder
}

fn folder_exists(path: &Path) -> Result<(), StoreError> {
    let unavailable = |problem| Err(problem::new(path, OPEN, StoreErrorKind::Unavailable, problem));
    if path.is_dir() {
        return unavailable("this is a folder; name a file in it".into());
    }
    let folder = folder(path);
    if folder.is_dir() {
        return Ok(());
    }
    unavailable(format!("there is no folder `{}`; make it, or name a file elsewhere", folder.display()))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Makes the file beside its place and puts it there when it is whole: a crash in between leaves no half of one.
fn make(options: &FileStoreBuilder) -> Result<(), redb::Error> {
    let path = &options.path;
    let beside = beside(path);
    let made = write_new(options, &beside).and_then(|()| match fs::hard_link(&beside, path) {
        // Another process was quicker: its file is as good.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        // Not every file system has links.
        Err(_) => fs::rename(&beside, path).map_err(redb::Error::Io),
        Ok(()) => Ok(()),
    });
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => made.and(Err(redb::Error::Io(error))),
        _ => made.and_then(|()| sync_folder(folder(path)).map_err(redb::Error::Io)),
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    path.with_file_name(name)
}

fn write_new(options: &FileStoreBuilder, at: &Path) -> Result<(), redb::Error> {
    let mut file = OpenOptions::new();
    file.write(true).create(true).truncate(true);
    // Records are what functions returned: not for everybody's eyes.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    file.open(at)?;
    let database = builder(options).create(at)?;
    let transaction = database.begin_write()?;
    Tables::open(&transaction)?.set_format(VERSION)?;
    transaction.commit()?;
    drop(database);
    File::open(at)?.sync_all()?;
    Ok(())
}

/// The name of a new file is on the disk when its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn is_ours(path: &Path, database: &Database) -> Result<(), StoreError> {
    let told = |error: redb::Error| problem::told(path, OPEN, error);
    let incompatible = |problem| Err(problem::new(path, OPEN, StoreErrorKind::Incompatible, problem));
    let read = database.begin_read().map_err(|error| told(error.into()))?;
    let named = |name: &str| -> Result<bool, StoreError> {
        let mut tables = read.list_tables().map_err(|error| told(error.into()))?;
        Ok(tables.any(|table| table.name() == name))
    };
    if !named(META.name())? || !named(RECORDS.name())? {
        return incompatible(problem::foreign());
    }
    let meta = read.open_table(META).map_err(|error| told(error.into()))?;
    let version = meta.get(FORMAT).map_err(|error| told(error.into()))?.map(|version| version.value());
    match version {
        Some(VERSION) => Ok(()),
        Some(newer) => incompatible(format!(
            "it is of version {newer}, this Mainstay knows version {VERSION}; open it with the Mainstay that wrote it"
        )),
        None => incompatible(problem::foreign()),
    }
}
