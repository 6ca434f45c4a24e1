use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::{
    amount::Amount,
    keys::{Joined, Moving},
    queue::{Place, Queue},
    rule::{Attempt, Rule, Spent},
    table::{Keeper, Standing, Table},
};
use crate::clock::Instant;

/// Windows by the hash of a key, no more than a given number unless somebody waits on them.
#[derive(Debug)]
pub(super) struct Windows {
    /// Held while a key is looked at, so that a change of the rate takes over all keys at once.
    /// `None` while they are closed, as something else counts.
    rule: RwLock<Option<Rule>>,
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

    fn waited_on(&self) -> Option<Arc<Queue>> {
        self.queue.clone().filter(|queue| queue.waiters() > 0)
    }

    /// Gives the key its tokens back, and says who waits on it: then it must stay.
    fn start_anew(&mut self, unspent: Spent) -> Option<Arc<Queue>> {
        self.spent = unspent;
        self.waited_on()
    }
}

impl Windows {
    pub(super) const fn new(rule: Option<Rule>, max: u32) -> Self {
        Self { rule: RwLock::new(rule), keys: Table::new(max) }
    }

    fn rule(&self) -> RwLockReadGuard<'_, Option<Rule>> {
        self.rule.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn to_change(&self) -> RwLockWriteGuard<'_, Option<Rule>> {
        self.rule.write().unwrap_or_else(PoisonError::into_inner)
    }

    // `None` says that they are closed.

    /// Takes `amount` for this key, unless it is not there or others wait for it.
    #[inline(never)]
    pub(super) fn newcomer(&self, hash: u64, amount: Amount, clock: impl Fn() -> Instant) -> Option<Attempt> {
        let guard = self.rule();
        let rule = guard.as_ref()?;
        // Before a key is made for it.
        if let Some(burst) = rule.too_much(amount) {
            return Some(Attempt::TooMuch { burst });
        }
        let now = clock();
        Some(self.keys.with(hash, now, rule, |key| {
            let ahead = key.queue.as_ref().map_or(0, |queue| queue.ahead());
            rule.take(&mut key.spent, amount, ahead, now, clock)
        }))
    }

    /// Takes the last place in the key's queue, and `amount` if it is there and the queue was empty.
    pub(super) fn join(&self, hash: u64, amount: Amount, clock: impl Fn() -> Instant) -> Option<Joined> {
        let (guard, now) = (self.rule(), clock());
        let rule = guard.as_ref()?;
        // The place is taken under the lock: a key with waiters is never let go.
        Some(self.keys.with(hash, now, rule, |key| {
            let queue = key.queue.get_or_insert_with(|| Arc::new(Queue::new()));
            let (place, ahead) = Place::take(Arc::clone(queue), amount)?;
            Some((place, rule.take(&mut key.spent, amount, ahead, now, clock)))
        }))
    }

    /// Takes `amount` for the first in the key's queue, unless it is not there.
    pub(super) fn head(&self, hash: u64, amount: Amount, clock: impl Fn() -> Instant) -> Option<Attempt> {
        let guard = self.rule();
        let rule = guard.as_ref()?;
        if let Some(burst) = rule.too_much(amount) {
            return Some(Attempt::TooMuch { burst });
        }
        let now = clock();
        Some(self.keys.with(hash, now, rule, |key| rule.take_as_head(&mut key.spent, amount, now, clock)))
    }

    /// The tokens that this key has, whoever waits for them.
    pub(super) fn available(&self, hash: u64, now: Instant) -> Option<f64> {
        let guard = self.rule();
        let rule = guard.as_ref()?;
        let spent = self.keys.peek(hash, |known| known.spent);
        Some(rule.available(spent.unwrap_or(rule.unspent()), now))
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Forgets what this key has spent. If somebody waits on it, it stays, and its queue is to be woken.
    pub(super) fn remove(&self, hash: u64) -> Option<Arc<Queue>> {
        let (guard, mut waiting) = (self.rule(), None);
        let rule = guard.as_ref()?;
        self.keys.remove(hash, |known| {
            waiting = known.start_anew(rule.unspent());
            waiting.is_some()
        });
        waiting
    }

    /// The same for all keys.
    pub(super) fn reset(&self) -> Vec<Arc<Queue>> {
        let (guard, mut waiting) = (self.rule(), Vec::new());
        let Some(rule) = guard.as_ref() else { return waiting };
        self.keys.retain(|known| {
            let queue = known.start_anew(rule.unspent());
            let stays = queue.is_some();
            waiting.extend(queue);
            stays
        });
        waiting
    }

    /// Remembers so many keys from now on; surplus ones leave as others come.
    pub(super) fn set_max(&self, max: u32) {
        self.keys.set_max(max);
    }

    /// The queues in which somebody may wait.
    pub(super) fn queues(&self) -> Vec<Arc<Queue>> {
        let mut queues = Vec::new();
        self.keys.retain(|known| {
            queues.extend(known.queue.clone());
            true
        });
        queues
    }

    /// Follows another rule from now on; every key keeps the tokens that it has, as far as they fit.
    pub(super) fn change(&self, new: Rule, now: Instant) {
        let mut rule = self.to_change();
        if let Some(old) = &mut *rule {
            self.keys.retain(|known| {
                known.spent = new.spent_with(old.available(known.spent, now), now);
                true
            });
            *old = new;
        }
    }

    /// Counts from now on. `keys` closes what has counted so far, and gives the keys that it had.
    pub(super) fn open<K: Iterator<Item = Moving>>(&self, new: Rule, now: Instant, keys: impl FnOnce() -> K) {
        // Who finds that closed waits here until all keys are over.
        let mut rule = self.to_change();
        for Moving { hash, spent, queue } in keys() {
            self.keys.with(hash, now, &new, |key| *key = Key { spent, queue });
        }
        *rule = Some(new);
    }

    /// Counts no more. `over` opens what does, with the rule and the keys.
    pub(super) fn close(&self, over: impl FnOnce(Rule, &mut dyn Iterator<Item = Moving>)) {
        let mut rule = self.to_change();
        let Some(old) = rule.take() else { return };
        let keys = self.keys.drain().into_iter();
        over(old, &mut keys.map(|(hash, key)| Moving { hash, spent: key.spent, queue: key.waited_on() }));
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
