use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

/// Who waits for a record to change, by the record's key.
#[derive(Debug, Default)]
pub(crate) struct Waiters(Mutex<HashMap<String, Waited>>);

#[derive(Debug, Default)]
struct Waited {
    change: Arc<Notify>,
    waiters: usize,
}

impl Waiters {
    fn keys(&self) -> MutexGuard<'_, HashMap<String, Waited>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn waiter(&self, key: &str) -> Waiter<'_> {
        let mut keys = self.keys();
        let waited = keys.entry(key.to_owned()).or_default();
        waited.waiters += 1;
        Waiter { key: key.to_owned(), change: Arc::clone(&waited.change), all: self }
    }

    pub(crate) fn wake(&self, key: &str) {
        let woken = self.keys().remove(key);
        if let Some(woken) = woken {
            woken.change.notify_waiters();
        }
    }

    pub(crate) fn wake_all(&self) {
        let all = std::mem::take(&mut *self.keys());
        all.values().for_each(|woken| woken.change.notify_waiters());
    }
}

/// One who waits. The last of a key takes the key with it.
pub(crate) struct Waiter<'a> {
    key: String,
    pub(crate) change: Arc<Notify>,
    all: &'a Waiters,
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        let mut keys = self.all.keys();
        // Those who were woken are no longer listed; who waits under the key now are others.
        if let Some(waited) = keys.get_mut(&self.key)
            && Arc::ptr_eq(&waited.change, &self.change)
        {
            waited.waiters -= 1;
            if waited.waiters == 0 {
                keys.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn a_wake_reaches_all_who_wait_for_the_key_and_nobody_else() {
        let waiters = Waiters::default();
        let (one, two, other) = (waiters.waiter("a"), waiters.waiter("a"), waiters.waiter("b"));
        let (mut first, mut second) = (pin!(one.change.notified()), pin!(two.change.notified()));
        let mut third = pin!(other.change.notified());
        first.as_mut().enable();
        second.as_mut().enable();
        assert!(!third.as_mut().enable());
        waiters.wake("a");
        first.await;
        second.await;
        assert!(!third.as_mut().enable());
        waiters.wake_all();
        third.await;
    }

    #[test]
    fn who_no_longer_waits_leaves_nothing_behind() {
        let waiters = Waiters::default();
        let (one, two) = (waiters.waiter("a"), waiters.waiter("a"));
        drop(one);
        assert_eq!(waiters.keys().len(), 1);
        waiters.wake("a");
        let later = waiters.waiter("a");
        drop(two);
        assert_eq!(waiters.keys().len(), 1, "the later one's place stays");
        drop(later);
        assert_eq!(waiters.keys().len(), 0);
    }
}
