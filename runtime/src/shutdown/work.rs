use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::level::Levels;
use crate::Name;

/// Work of one name that a shutdown waits for, such as the requests of a server.
///
/// ```
/// use mainstay_runtime::shutdown::{GracefulShutdown, ShutdownConfig};
///
/// let shutdown = GracefulShutdown::isolated(ShutdownConfig::new())?;
/// let imports = shutdown.work("imports");
/// let running = imports.begin();
/// assert_eq!(shutdown.progress().in_flight_count(), 1);
/// drop(running); // ended, by value, error, panic or drop
/// assert_eq!(imports.count(), 0);
/// # Ok::<(), mainstay_runtime::shutdown::ShutdownError>(())
/// ```
#[derive(Clone)]
pub struct Work(Arc<Inner>);

struct Inner {
    name: Name,
    count: AtomicU64,
    levels: Arc<Levels>,
}

impl Work {
    pub(super) fn new(name: Name, levels: &Arc<Levels>) -> Self {
        Self(Arc::new(Inner { name, count: AtomicU64::new(0), levels: Arc::clone(levels) }))
    }

    /// One piece of it begins, and ends when what is returned is dropped.
    pub fn begin(&self) -> InFlight {
        self.0.count.fetch_add(1, Ordering::AcqRel);
        InFlight { work: self.clone() }
    }

    /// Its name.
    pub fn name(&self) -> &Name {
        &self.0.name
    }

    /// How much of it is in flight.
    pub fn count(&self) -> u64 {
        self.0.count.load(Ordering::Acquire)
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").field("name", self.name()).field("count", &self.count()).finish()
    }
}

/// A piece of work in flight: a shutdown waits until it is dropped.
#[derive(Debug)]
#[must_use = "the work is in flight until this is dropped"]
pub struct InFlight {
    work: Work,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if self.work.0.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.work.0.levels.ring();
        }
    }
}
