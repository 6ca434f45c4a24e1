use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use mainstay_json::Json;
use mainstay_runtime::{
    clock,
    idempotent::{Claim, IdempotencyStore, Reserved, Token},
    store::{BoxFuture, Store, StoreError, StoreErrorKind},
};

use crate::{
    FileStoreBuilder, open, problem,
    steps::{Outcome, Step, What},
    writer::Writer,
};

/// The records of idempotent calls in one file, for one process at a time.
///
/// A step is acknowledged when it is on the disk, so that it survives a killed process and a power cut. Steps that come
/// together are written together. Leases and expiry follow the wall clock, because a restart must not stop them.
///
/// Dropping the store waits for what is being written, and closes the file.
pub struct FileStore {
    writer: Arc<Writer>,
    identity: Option<(u64, u64)>,
}

impl FileStore {
    /// Opens the file with the default options, or makes it. Its folder must be there.
    ///
    /// It reads and writes the disk on the caller's thread: open stores when the service starts.
    ///
    /// # Errors
    /// The folder is not there, the file is open elsewhere, is not a store, is damaged, or must not be written.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Self::builder(path).open()
    }

    /// The options of a store in this file.
    pub fn builder(path: impl Into<PathBuf>) -> FileStoreBuilder {
        FileStoreBuilder::new(path.into())
    }

    pub(crate) fn with(options: FileStoreBuilder) -> Result<Self, StoreError> {
        let database = open::open(&options)?;
        let identity = identity(&options.path);
        Ok(Self { writer: Arc::new(Writer::new(options, database)), identity })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.writer.options.path
    }

    async fn done(&self, operation: &'static str, key: &str, what: What) -> Result<bool, StoreError> {
        let step = Step { key: key.into(), what };
        let outcome = self.writer.run(operation, step).await?;
        Ok(matches!(outcome, Outcome::Done(true)))
    }
}

/// What tells a file from another that took its name.
fn identity(path: &Path) -> Option<(u64, u64)> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
    }
    #[cfg(not(unix))]
    {
        path.exists().then_some((0, 0))
    }
}

impl Store for FileStore {
    fn describe(&self) -> String {
        problem::describe(self.path())
    }

    /// Reads from the file, and sees that it is still the one that was opened.
    fn ping(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            let (writer, opened) = (Arc::clone(&self.writer), self.identity);
            let look = move || {
                let path = &writer.options.path;
                if identity(path) != opened {
                    let problem =
                        "the file was moved, removed or replaced while it was open; restart the process"
                            .to_owned();
                    return Err(problem::new(path, "ping", StoreErrorKind::Unavailable, problem));
                }
                writer.read("ping", "").map(drop)
            };
            self.writer.blocking("ping", look).await
        })
    }
}

impl IdempotencyStore for FileStore {
    type Codec = Json;

    fn reserve<'a>(&'a self, claim: Claim<'a>) -> BoxFuture<'a, Result<Reserved, StoreError>> {
        Box::pin(async move {
            // A replay writes nothing and need not wait for those who do.
            if let Some(answer) = self.writer.look(claim).await? {
                return Ok(answer);
            }
            match self.writer.run("reserve", Step::reserve(claim)).await? {
                Outcome::Reserved(answer) => Ok(answer),
                other => {
                    let problem = format!("the answer is none of a claim: {other:?}; please report this");
                    Err(problem::new(self.path(), "reserve", StoreErrorKind::Unavailable, problem))
                }
            }
        })
    }

    fn renew<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(self.done("renew", key, What::Renew { token, lease }))
    }

    fn complete<'a>(
        &'a self,
        key: &'a str,
        token: Token,
        record: &'a [u8],
        ttl: Duration,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let record = record.to_vec();
            self.done("complete", key, What::Complete { token, record, ttl }).await
        })
    }

    fn release<'a>(&'a self, key: &'a str, token: Token) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(self.done("release", key, What::Release { token }))
    }

    fn changed<'a>(&'a self, key: &'a str, seen: Token, at_most: Duration) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let waiter = self.writer.waiters.join(key);
            let told = waiter.notify.notified();
            tokio::pin!(told);
            // From here on no change is missed; one that came before shows in the record.
            told.as_mut().enable();
            let (writer, owned) = (Arc::clone(&self.writer), key.to_owned());
            let found = self.writer.blocking("look", move || writer.read("look", &owned)).await;
            let running = |kept: &crate::tables::Kept| kept.token == seen.0 && kept.lease_end.is_some();
            if found.is_ok_and(|kept| kept.as_ref().is_some_and(running)) {
                tokio::select! {
                    () = told => {}
                    () = clock::sleep(at_most) => {}
                }
            }
        })
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore").field("path", &self.path()).finish_non_exhaustive()
    }
}

impl Drop for FileStore {
    fn drop(&mut self) {
        self.writer.close();
    }
}
