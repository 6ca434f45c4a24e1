use mainstay::Error;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

pub(crate) type Answer = Result<(), Error>;

/// What a body answers that fails.
pub(crate) fn down() -> Answer {
    Err(Error::timed_out("upstream", std::time::Duration::ZERO))
}

static PROGRAM: RwLock<()> = RwLock::const_new(());

/// Keeps `reset_all` out while a test counts on the state of its policies.
pub(crate) async fn undisturbed() -> RwLockReadGuard<'static, ()> {
    PROGRAM.read().await
}

/// Keeps those out while all policies are reset.
pub(crate) async fn alone() -> RwLockWriteGuard<'static, ()> {
    PROGRAM.write().await
}
