use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use mainstay_file::{FileStore, FileStoreBuilder};
use mainstay_runtime::{
    idempotent::{Claim, IdempotencyStore, Reserved, Token},
    store::Fingerprint,
};

pub(crate) const LEASE: Duration = Duration::from_secs(30);
pub(crate) const TTL: Duration = Duration::from_secs(3600);

/// A wall clock that is moved by hand.
#[derive(Clone)]
pub(crate) struct Wall(Arc<Mutex<SystemTime>>);

impl Wall {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(UNIX_EPOCH + Duration::from_secs(1_800_000_000))))
    }

    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

/// A file of its own, and the time by which stores in it go.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) wall: Wall,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), wall: Wall::new() }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("store.redb")
    }

    pub(crate) fn builder(&self) -> FileStoreBuilder {
        let wall = self.wall.clone();
        FileStore::builder(self.path()).clock(Arc::new(move || *wall.0.lock().unwrap()))
    }

    pub(crate) fn open(&self) -> FileStore {
        self.builder().open().unwrap()
    }
}

pub(crate) fn claim(key: &str) -> Claim<'_> {
    Claim { key, fingerprint: None, lease: LEASE, ttl: TTL }
}

pub(crate) fn with(key: &str, fingerprint: u8) -> Claim<'_> {
    Claim { fingerprint: Some(Fingerprint([fingerprint; 32])), ..claim(key) }
}

pub(crate) async fn claimed(store: &FileStore, claim: Claim<'_>) -> Token {
    match store.reserve(claim).await.unwrap() {
        Reserved::Claimed { token, .. } => token,
        other => panic!("{} is not to be had: {other:?}", claim.key),
    }
}
