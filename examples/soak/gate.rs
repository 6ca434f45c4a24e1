//! Lets calls begin, or none, so that now and then everything stands still and can be counted.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

const LOOK_AGAIN: Duration = Duration::from_millis(1);

#[derive(Debug, Default)]
pub struct Gate {
    shut: AtomicBool,
    ended: AtomicBool,
    inside: AtomicU64,
}

/// Held for as long as a call may touch anything.
pub struct Pass(Arc<Gate>);

impl Gate {
    /// Waits while the gate is shut; `None` once all is over.
    pub async fn pass(self: &Arc<Self>) -> Option<Pass> {
        loop {
            match self.pass_now() {
                Some(pass) => return Some(pass),
                None if self.ended.load(SeqCst) => return None,
                None => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    }

    /// The same on a thread.
    pub fn pass_sync(self: &Arc<Self>) -> Option<Pass> {
        loop {
            match self.pass_now() {
                Some(pass) => return Some(pass),
                None if self.ended.load(SeqCst) => return None,
                None => thread::sleep(LOOK_AGAIN),
            }
        }
    }

    /// Passes if it is open.
    pub fn pass_now(self: &Arc<Self>) -> Option<Pass> {
        // Whoever sees it open after this is seen by the one who shuts it.
        let pass = Pass(Arc::clone(self));
        self.inside.fetch_add(1, SeqCst);
        (!self.shut.load(SeqCst)).then_some(pass)
    }

    pub fn shut(&self) {
        self.shut.store(true, SeqCst);
    }

    pub fn open(&self) {
        self.shut.store(false, SeqCst);
    }

    /// Shut for good: whoever waits goes home.
    pub fn end(&self) {
        self.ended.store(true, SeqCst);
        self.shut();
    }

    pub fn inside(&self) -> u64 {
        self.inside.load(SeqCst)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, SeqCst);
    }
}
