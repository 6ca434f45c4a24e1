use std::{sync::Arc, time::Duration};

use super::{
    CacheConfig, CacheKey, CacheValue, Sharing,
    entry::{Outcome, Stored},
    flight::Flight,
    generations::Stamp,
    shared::{FAILURES, Keep, LOADS, Shared},
};
use crate::glue::Flow;

/// The task of loading what a key stands for, for all who wait for it. Dropped before it is done, by a cancelled call or a
/// panic, it goes to one of those.
#[must_use = "dropping it hands the load to somebody else"]
pub struct Lead<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue> {
    shared: Arc<Shared<K, V>>,
    flight: Arc<Flight<K, V>>,
    stamp: Stamp,
    is_done: bool,
    /// Nobody waits for it, and nothing of it is kept: the cache is switched off.
    is_alone: bool,
}

impl<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue> Lead<K, V> {
    pub(super) fn new(shared: Arc<Shared<K, V>>, flight: Arc<Flight<K, V>>) -> Self {
        Self { shared, flight, stamp: Stamp::NONE, is_done: false, is_alone: false }
    }

    /// A load of a call that goes through as if there were no cache.
    pub(super) fn alone<Q: CacheKey<Owned = K> + ?Sized>(shared: Arc<Shared<K, V>>, key: &Q) -> Self {
        let flight = Arc::new(Flight::new(key.to_owned_key(), false));
        Self { shared, flight, stamp: Stamp::NONE, is_done: true, is_alone: true }
    }

    pub(super) fn is_alone(&self) -> bool {
        self.is_alone
    }

    pub(super) fn shared(&self) -> &Shared<K, V> {
        &self.shared
    }

    /// Notes that the second tier is asked for `text` from now on.
    pub(super) fn stamp(&mut self, text: &str) {
        self.stamp = self.shared.generations.stamp(text);
    }

    pub(super) fn stamped(&self) -> Stamp {
        self.stamp
    }

    /// How long a value is kept in the second tier.
    pub(super) fn time_of(&self, value: &V, absent: Option<fn(&V) -> bool>) -> Duration {
        self.shared.config().time_of(absent.is_some_and(|absent| absent(value)))
    }

    fn finish(&mut self, stored: Stored<V>, flow: Flow, time: Duration, config: &CacheConfig) {
        self.is_done = true;
        let jittered = || config.jittered(time, fastrand::f64());
        let keep = (!time.is_zero()).then(|| Keep { time: jittered(), stamp: self.stamp });
        self.shared.finish(&self.flight, Outcome { stored, flow }, keep);
    }

    fn stored(value: &V, is_absent: bool) -> Stored<V> {
        let value = value.clone();
        if is_absent { Stored::Absent(value) } else { Stored::Value(value) }
    }

    /// Keeps a value that the second tier had, for no longer than it has it.
    pub fn keep(mut self, value: &V, left: Duration, absent: Option<fn(&V) -> bool>) {
        let (config, is_absent) = (*self.shared.config(), absent.is_some_and(|absent| absent(value)));
        let time = config.time_of(is_absent).min(left);
        self.finish(Self::stored(value, is_absent), Flow::RAN, time, &config);
    }

    /// Keeps what the load gave as the configuration has it, and gives it to all who wait. The answer comes back: in place of
    /// an error, an older value perhaps.
    pub fn settle<E>(
        mut self,
        answer: Result<V, E>,
        flow: Flow,
        sharing: Option<Sharing<E>>,
        absent: Option<fn(&V) -> bool>,
    ) -> Result<V, E> {
        if self.is_alone {
            return answer;
        }
        self.shared.count(LOADS);
        // One for all that is decided here, whatever is set meanwhile.
        let config = *self.shared.config();
        let error = match answer {
            Ok(value) => {
                let is_absent = absent.is_some_and(|absent| absent(&value));
                let time = config.time_of(is_absent);
                self.finish(Self::stored(&value, is_absent), Flow::RAN, time, &config);
                return Ok(value);
            }
            Err(error) => error,
        };
        self.shared.count(FAILURES);
        if let Some(value) = self.shared.stand_in(&self.flight.key, &config) {
            self.finish(Stored::Value(value.clone()), Flow::RAN, Duration::ZERO, &config);
            return Ok(value);
        }
        // Where it cannot be shared, whoever waits has to see for itself: this is dropped.
        if let Some(sharing) = sharing {
            let is_kept = !flow.is_a_policys() && !self.shared.serves_old(&self.flight.key, &config);
            let time = if is_kept { config.error_time() } else { Duration::ZERO };
            self.finish(Stored::Error(Box::new(sharing.share(&error))), flow, time, &config);
        }
        Err(error)
    }
}

impl<K: CacheKey<Owned = K> + Clone + Send + Sync + 'static, V: CacheValue> Drop for Lead<K, V> {
    fn drop(&mut self) {
        if !self.is_done {
            self.shared.abandon(&self.flight);
        }
    }
}
