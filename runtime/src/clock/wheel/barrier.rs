use std::sync::atomic::{AtomicBool, compiler_fence};

use crate::sync::{Ordering, fence};

/// A barrier between one side that passes it all the time and one that nearly never does.
///
/// Each side stores something and then reads what the other stores. Between the two it passes this barrier, and so one of them
/// at least reads what the other has stored. Where the system can let the rare side do it for all threads (`membarrier` of
/// Linux), the frequent one passes at no cost; else both fence.
#[derive(Debug)]
pub(super) struct Barrier {
    is_one_sided: AtomicBool,
}

impl Barrier {
    pub(super) fn new() -> Self {
        Self { is_one_sided: AtomicBool::new(system::register()) }
    }

    /// The frequent side.
    #[inline]
    pub(super) fn often(&self) {
        if self.is_one_sided.load(Ordering::Relaxed) {
            compiler_fence(Ordering::SeqCst);
        } else {
            fence(Ordering::SeqCst);
        }
    }

    /// The rare side, which waits for the threads that are running. `false` where the system does not do it any more: then
    /// threads that pass at this moment may have passed unseen, and those that come later fence.
    pub(super) fn seldom(&self) -> bool {
        fence(Ordering::SeqCst);
        if !self.is_one_sided.load(Ordering::Relaxed) || system::all_threads() {
            return true;
        }
        self.is_one_sided.store(false, Ordering::Relaxed);
        false
    }
}

#[cfg(all(target_os = "linux", not(mainstay_loom), not(miri)))]
mod system {
    use rustix::thread::{MembarrierCommand, membarrier};

    pub(super) fn register() -> bool {
        membarrier(MembarrierCommand::RegisterPrivateExpedited).is_ok()
    }

    pub(super) fn all_threads() -> bool {
        membarrier(MembarrierCommand::PrivateExpedited).is_ok()
    }
}

#[cfg(not(all(target_os = "linux", not(mainstay_loom), not(miri))))]
mod system {
    pub(super) const fn register() -> bool {
        false
    }

    pub(super) const fn all_threads() -> bool {
        false
    }
}

#[cfg(all(test, not(mainstay_loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_barrier_that_the_system_takes_back_is_one_of_two_sides() {
        let barrier = Barrier { is_one_sided: AtomicBool::new(false) };
        assert!(barrier.seldom());
        let barrier = Barrier::new();
        barrier.often();
        assert!(barrier.seldom() && barrier.seldom());
    }
}
