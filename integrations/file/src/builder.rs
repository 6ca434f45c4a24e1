use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};

use mainstay_runtime::store::StoreError;

use crate::{FileStore, time::WallClock};

/// When a step is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Durability {
    /// When it is on the disk (`fsync`): what was acknowledged survives a killed process and a power cut.
    #[default]
    Immediate,
    /// At once; the disk is told after so long, and when the store is dropped. A process that is killed, or a power cut,
    /// loses the steps of that time: their calls run again.
    Delayed(Duration),
}

/// The options of a [`FileStore`], from [`FileStore::builder`].
#[derive(Debug, Clone)]
pub struct FileStoreBuilder {
    pub(crate) path: PathBuf,
    pub(crate) max_entries: u64,
    pub(crate) durability: Durability,
    pub(crate) cache_size: usize,
    pub(crate) check_on_open: bool,
    pub(crate) clock: WallClock,
}

impl FileStoreBuilder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            max_entries: 1_000_000,
            durability: Durability::Immediate,
            cache_size: 64 << 20,
            check_on_open: true,
            clock: WallClock::system(),
        }
    }

    /// The most records that are kept at once. One million by default; at least one.
    ///
    /// A full store refuses new keys with [`Full`](mainstay_runtime::store::StoreErrorKind::Full) until records expire: to
    /// forget one that is still wanted would let its call run twice.
    #[must_use]
    pub fn max_entries(mut self, records: u64) -> Self {
        self.max_entries = records.max(1);
        self
    }

    /// When a step is acknowledged. [`Durability::Immediate`] by default.
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// How much of the file is kept in memory, in bytes. 64 MiB by default.
    #[must_use]
    pub fn cache_size(mut self, bytes: usize) -> Self {
        self.cache_size = bytes;
        self
    }

    /// Whether opening reads the whole file and compares its checksums. On by default, so that damage is told at the start;
    /// after a crash it happens in any case.
    #[must_use]
    pub fn check_on_open(mut self, check: bool) -> Self {
        self.check_on_open = check;
        self
    }

    /// Another wall clock, for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn clock(mut self, now: Arc<dyn Fn() -> SystemTime + Send + Sync>) -> Self {
        self.clock = WallClock::of(now);
        self
    }

    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// As [`FileStore::open`].
    pub fn open(self) -> Result<FileStore, StoreError> {
        FileStore::with(self)
    }
}
