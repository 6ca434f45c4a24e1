use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use mainstay_runtime::cached::Invalidation;

type Listener = dyn Fn(Invalidation<'_>) + Send + Sync;

/// Who hears of removals from the cache.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<Vec<Weak<Listener>>>);

/// Keeps a listener as long as it lives.
struct Listening {
    _listener: Arc<Listener>,
}

impl Listeners {
    fn all(&self) -> MutexGuard<'_, Vec<Weak<Listener>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, listener: Box<Listener>) -> Box<dyn Send + Sync> {
        let listener: Arc<Listener> = Arc::from(listener);
        self.all().push(Arc::downgrade(&listener));
        Box::new(Listening { _listener: listener })
    }

    pub(crate) fn tell(&self, told: Invalidation<'_>) {
        let mut listening = Vec::new();
        self.all().retain(|listener| {
            let listener = listener.upgrade();
            let stays = listener.is_some();
            listening.extend(listener);
            stays
        });
        // Not under the lock: a listener may listen, or stop listening.
        listening.iter().for_each(|listener| listener(told));
    }
}

/// What is sent when a key is removed.
pub(crate) fn key(key: &str) -> String {
    format!("k{key}")
}

/// What is sent when all keys that begin so are.
pub(crate) fn prefix(prefix: &str) -> String {
    format!("p{prefix}")
}

/// What was sent. What is not understood may be anything.
pub(crate) fn heard(message: &str) -> Invalidation<'_> {
    match message.split_at_checked(1) {
        Some(("k", key)) => Invalidation::Key(key),
        Some(("p", prefix)) => Invalidation::Prefix(prefix),
        _ => Invalidation::All,
    }
}
