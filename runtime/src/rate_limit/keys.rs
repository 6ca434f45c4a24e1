use std::sync::Arc;

use super::{
    RateLimitConfig,
    amount::Amount,
    buckets::Buckets,
    meter::Meter,
    queue::{Place, Queue},
    rule::{Attempt, Rule, Spent},
    windows::Windows,
};
use crate::{
    clock::Instant,
    sync::{AtomicU32, Ordering},
};

/// What counts the tokens of each key: buckets or windows. One may take the other's place while requests come, as in an
/// [`Engine`](super::engine::Engine).
#[derive(Debug)]
pub(super) struct Keys {
    buckets: Buckets,
    windows: Windows,
    /// Whether the windows count, 1 or 0: which of them is asked first.
    windowed: AtomicU32,
}

/// A key that goes from the one to the other, and who waits on it.
#[derive(Debug)]
pub(super) struct Moving {
    pub(super) hash: u64,
    pub(super) spent: Spent,
    pub(super) queue: Option<Arc<Queue>>,
}

/// A place in the queue of a key, and how an attempt ended; `None` if the queue takes no more.
pub(super) type Joined = Option<(Place<Arc<Queue>>, Attempt)>;

impl Keys {
    pub(super) const fn new(config: &RateLimitConfig) -> Self {
        let (rule, max) = (Rule::new(config), config.key_limit());
        match rule {
            Rule::Bucket(meter) => Self {
                buckets: Buckets::new(meter, max),
                windows: Windows::new(None, max),
                windowed: AtomicU32::new(0),
            },
            Rule::Window(_) => Self {
                buckets: Buckets::closed(Meter::new(config.rate(), 1, 1), max),
                windows: Windows::new(Some(rule), max),
                windowed: AtomicU32::new(1),
            },
        }
    }

    /// The buckets, if they are what counts, or were a moment ago.
    #[inline(always)]
    pub(super) fn buckets(&self) -> Option<&Buckets> {
        (!self.is_windowed()).then_some(&self.buckets)
    }

    #[inline(always)]
    fn is_windowed(&self) -> bool {
        // Who goes by what was so a moment ago finds it closed.
        self.windowed.load(Ordering::Relaxed) != 0
    }

    /// Takes `amount` of this key, unless it is not there or others wait for it.
    #[inline(never)]
    pub(super) fn newcomer(&self, hash: u64, amount: Amount, clock: impl Fn() -> Instant) -> Attempt {
        self.ask(
            |buckets| buckets.newcomer(hash, amount, &clock),
            |windows| windows.newcomer(hash, amount, &clock),
        )
    }

    /// Takes the last place in the key's queue, and `amount` if it is there and the queue was empty.
    pub(super) fn join(&self, hash: u64, amount: Amount, clock: impl Fn() -> Instant) -> Joined {
        self.ask(|buckets| buckets.join(hash, amount, &clock), |windows| windows.join(hash, amount, &clock))
    }

    /// Takes `amount` for the first in the key's queue, unless it is not there.
    pub(super) fn head(&self, hash: u64, amount: Amount, clock: impl Fn() -> Instant) -> Attempt {
        self.ask(|buckets| buckets.head(hash, amount, &clock), |windows| windows.head(hash, amount, &clock))
    }

    /// The tokens that this key has, whoever waits for them.
    pub(super) fn available(&self, hash: u64, now: Instant) -> f64 {
        self.ask(|buckets| buckets.available(hash, now), |windows| windows.available(hash, now))
    }

    /// Asks what counts, and the other one if that has changed meanwhile.
    fn ask<T>(
        &self,
        of_buckets: impl Fn(&Buckets) -> Option<T>,
        of_windows: impl Fn(&Windows) -> Option<T>,
    ) -> T {
        let mut windowed = self.is_windowed();
        loop {
            let answer = if windowed { of_windows(&self.windows) } else { of_buckets(&self.buckets) };
            if let Some(answer) = answer {
                return answer;
            }
            windowed = !windowed;
        }
    }

    // What is closed has no keys.

    pub(super) fn len(&self) -> usize {
        self.buckets.len() + self.windows.len()
    }

    /// Forgets what this key has spent. If somebody waits on it, it stays, and its queue is to be woken.
    pub(super) fn remove(&self, hash: u64) -> Option<Arc<Queue>> {
        self.buckets.remove(hash).or_else(|| self.windows.remove(hash))
    }

    /// Forgets what all keys have spent. The queues of those on which somebody waits are to be woken.
    pub(super) fn reset(&self) -> Vec<Arc<Queue>> {
        [self.buckets.reset(), self.windows.reset()].concat()
    }

    /// Remembers so many keys from now on; surplus ones leave as others come.
    pub(super) fn set_max(&self, max: u32) {
        self.buckets.set_max(max);
        self.windows.set_max(max);
    }

    /// The queues in which somebody may wait.
    pub(super) fn queues(&self) -> Vec<Arc<Queue>> {
        [self.buckets.queues(), self.windows.queues()].concat()
    }

    /// Goes by other numbers from now on, and counts in another way where they say so. Every key keeps the tokens that it
    /// has, as far as they fit, and whoever waits on it. Callers take turns.
    pub(super) fn change(&self, config: &RateLimitConfig, now: Instant) {
        match (Rule::new(config), self.is_windowed()) {
            (Rule::Bucket(meter), false) => self.buckets.change(meter, now),
            (new @ Rule::Bucket(meter), true) => {
                self.windows.close(|old, keys| {
                    let keys = keys.map(|key| taken_over(&new, &old, key, now));
                    self.buckets.open(meter, keys, now);
                });
                self.windowed.store(0, Ordering::Relaxed);
            }
            (new @ Rule::Window(_), true) => self.windows.change(new, now),
            (new @ Rule::Window(_), false) => {
                self.windows.open(new, now, || {
                    let (old, keys) = self.buckets.close();
                    keys.into_iter().map(move |key| taken_over(&new, &old, key, now))
                });
                self.windowed.store(1, Ordering::Relaxed);
            }
        }
    }
}

fn taken_over(new: &Rule, old: &Rule, key: Moving, now: Instant) -> Moving {
    Moving { spent: new.taken_over(old, key.spent, now), ..key }
}
