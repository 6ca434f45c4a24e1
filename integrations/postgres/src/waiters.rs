use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

/// By which those who wait for a key are woken, and how many they are.
type Waiting = HashMap<i64, (Arc<Notify>, usize)>;

/// Who waits for which key in this process. Keys are told by their bells.
#[derive(Debug, Default)]
pub(crate) struct Waiters(Mutex<Waiting>);

/// A place among the waiters of a key, given back when dropped.
pub(crate) struct Waiter<'a> {
    waiters: &'a Waiters,
    bell: i64,
    pub(crate) notify: Arc<Notify>,
}

impl Waiters {
    fn map(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn join(&self, bell: i64) -> Waiter<'_> {
        let mut map = self.map();
        let (notify, count) = map.entry(bell).or_default();
        *count += 1;
        let notify = Arc::clone(notify);
        Waiter { waiters: self, bell, notify }
    }

    /// Wakes all who wait for the key.
    pub(crate) fn wake(&self, bell: i64) {
        let notify = self.map().get(&bell).map(|(notify, _)| Arc::clone(notify));
        if let Some(notify) = notify {
            notify.notify_waiters();
        }
    }

    /// Wakes everybody: something may have been missed.
    pub(crate) fn wake_all(&self) {
        let all: Vec<_> = self.map().values().map(|(notify, _)| Arc::clone(notify)).collect();
        all.iter().for_each(|notify| notify.notify_waiters());
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        if let Entry::Occupied(mut entry) = self.waiters.map().entry(self.bell) {
            entry.get_mut().1 -= 1;
            if entry.get().1 == 0 {
                entry.remove();
            }
        }
    }
}
