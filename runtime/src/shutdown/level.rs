//! How far a shutdown has come, for those who wait for it.

use tokio::sync::{Notify, watch};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Running,
    /// A signal came: not ready, still serving.
    Begun,
    /// No new work.
    Draining,
    /// It is over.
    Ended,
}

#[derive(Debug)]
pub(super) struct Levels {
    level: watch::Sender<Level>,
    /// Tells the driver that something has happened.
    bell: Notify,
}

impl Levels {
    pub(super) fn new() -> Self {
        Self { level: watch::Sender::new(Level::Running), bell: Notify::new() }
    }

    pub(super) fn is(&self, level: Level) -> bool {
        *self.level.borrow() >= level
    }

    pub(super) fn raise(&self, to: Level) {
        self.level.send_if_modified(|level| {
            let is_higher = to > *level;
            *level = to.max(*level);
            is_higher
        });
        self.bell.notify_one();
    }

    /// Ready when the shutdown has come that far.
    pub(super) async fn reached(&self, level: Level) {
        let mut seen = self.level.subscribe();
        // The sender is `self`, so there is always one.
        let _ = seen.wait_for(|current| *current >= level).await;
    }

    pub(super) fn ring(&self) {
        self.bell.notify_one();
    }

    pub(super) async fn rung(&self) {
        self.bell.notified().await;
    }
}
