use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use super::ServerError;

/// A folder of one server, in the system's temporary folder. Removed on drop.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Result<Self, ServerError> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let unique =
            format!("mainstay-{name}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(unique);
        // One of that name is what a killed process with our number left behind.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).map_err(ServerError::io(format!("cannot make {}", path.display())))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in a temporary folder harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}
