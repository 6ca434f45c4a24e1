use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::{
    amount::Amount,
    queue::{Place, Queue},
    rule::{Attempt, Rule, Spent},
    table::{Keeper, Standing, Table},
};
use crate::clock::Instant;

/// Windows by the hash of a key, no more than a given number unless somebody waits on them.
#[derive(Debug)]
pub(super) struct Windows {
    /// Held while a key is looked at, so that a change of the rate takes over all keys at once.
    rule: RwLock<Rule>,
    keys: Table<Key>,
}

/// What is known of one key.
#[derive(Debug)]
pub(super) struct Key {
    spent: Spent,
    /// Made when somebody first waits.
    queue: Option<Arc<Queue>>,
}

impl Key {
    fn has_waiters(&self) -> bool {
        self.queue.as_ref().is_some_and(|queue| queue.waiters() > 0)
    }

    /// Gives the key its tokens back, and says who waits on it: then it must stay.
    fn start_anew(&mut self, unspent: Spent) -> Option<Arc<Queue>> {
        self.spent = unspent;
        self.queue.clone().filter(|queue| queue.waiters() > 0)
    }
}

impl Windows {
    pub(super) const fn new(rule: Rule, max: u32) -> Self {
        Self { rule: RwLock::new(rule), keys: Table::new(max) }
    }

    fn rule(&self) -> RwLockReadGuard<'_, Rule> {
        self.rule.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes `amount` for this key, unless it is not there or others wait for it.
    #[inline(never)]
    pub(super) fn newcomer(&self, hash: u64, amount: Amount, clock: impl Fn() -> Instant) -> Attempt {
        let rule = self.rule();
        // Before a key is made for it.
        if let Some(burst) = rule.too_much(amount) {
            return Attempt::TooMuch { burst };
        }
        let now = clock();
        self.keys.with(hash, now, &*rule, |key| {
            let ahead = key.queue.as_ref().map_or(0, |queue| queue.ahead());
            rule.take(&mut key.spent, amount, ahead, now, clock)
        })
    }

    /// Takes the last place in the key's queue, and `amount` if it is there and the queue was empty.
    pub(super) fn join(
        &self,
        hash: u64,
        amount: Amount,
        clock: impl Fn() -> Instant,
    ) -> Option<(Place<Arc<Queue>>, Attempt)> {
        let (rule, now) = (self.rule(), clock());
        // The place is taken under the lock: a key with waiters is never let go.
        self.keys.with(hash, now, &*rule, |key| {
            let queue = key.queue.get_or_insert_with(|| Arc::new(Queue::new()));
            let (place, ahead) = Place::take(Arc::clone(queue), amount)?;
            Some((place, rule.take(&mut key.spent, amount, ahead, now, clock)))
        })
    }

    /// Takes `amount` for the first in the key's queue, unless it is not there.
    pub(super) fn head(&self, hash: u64, amount: Amount, clock: impl Fn() -> Instant) -> Attempt {
        let rule = self.rule();
        if let Some(burst) = rule.too_much(amount) {
            return Attempt::TooMuch { burst };
        }
        let now = clock();
        self.keys.with(hash, now, &*rule, |key| rule.take_as_head(&mut key.spent, amount, now, clock))
    }

    /// The tokens that this key has, whoever waits for them.
    pub(super) fn available(&self, hash: u64, now: Instant) -> f64 {
        let rule = self.rule();
        let spent = self.keys.peek(hash, |known| known.spent);
        rule.available(spent.unwrap_or(rule.unspent()), now)
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Forgets what this key has spent. If somebody waits on it, it stays, and its queue is to be woken.
    pub(super) fn remove(&self, hash: u64) -> Option<Arc<Queue>> {
        let (rule, mut waiting) = (self.rule(), None);
        self.keys.remove(hash, |known| {
            waiting = known.start_anew(rule.unspent());
            waiting.is_some()
        });
        waiting
    }

    /// The same for all keys.
    pub(super) fn reset(&self) -> Vec<Arc<Queue>> {
        let (rule, mut waiting) = (self.rule(), Vec::new());
        self.keys.retain(|known| {
            let queue = known.start_anew(rule.unspent());
            let stays = queue.is_some();
            waiting.extend(queue);
            stays
        });
        waiting
    }

    /// Remembers so many keys from now on; surplus ones leave as others come. The queues, which may have to be woken.
    pub(super) fn set_max(&self, max: u32) -> Vec<Arc<Queue>> {
        let mut waiting = Vec::new();
        self.keys.set_max(max);
        self.keys.retain(|known| {
            waiting.extend(known.queue.clone());
            true
        });
        waiting
    }

    /// Follows another rule from now on; every key keeps the tokens that it has, as far as they fit. The queues are to be
    /// woken.
    pub(super) fn change(&self, new: Rule, now: Instant) -> Vec<Arc<Queue>> {
        let mut rule = self.rule.write().unwrap_or_else(PoisonError::into_inner);
        let mut waiting = Vec::new();
        self.keys.retain(|known| {
            known.spent = new.spent_with(rule.available(known.spent, now), now);
            waiting.extend(known.queue.clone());
            true
        });
        *rule = new;
        waiting
    }
}

impl Keeper for Rule {
    type Entry = Key;

    fn fresh(&self) -> Key {
        Key { spent: self.unspent(), queue: None }
    }

    fn standing(&self, key: &Key, now: Instant) -> Standing {
        if key.has_waiters() {
            Standing::Held
        } else if self.is_idle(key.spent, now) {
            Standing::Idle
        } else {
            Standing::Spent(self.available(key.spent, now))
        }
    }
}
