use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock, PoisonError},
};

use super::{
    amount::Amount,
    cells::Cells,
    keys::{Joined, Moving},
    meter::{self, Meter, Verdict},
    queue::{Place, Queue},
    rule::{Attempt, Rule, Spent},
    slot::{Held, METER, Slot, Slots, WAITED},
};
use crate::{
    clock::Instant,
    sync::{AtomicU32, Mutex, MutexGuard, Ordering},
};

/// Token buckets by the hash of a key, no more than a given number unless somebody waits on them.
///
/// A request for the tokens of a key that is known and that nobody waits for locks that key's slot and nothing else. All
/// that makes and unmakes keys goes on under one lock: new keys, waiters, changes. Each new key looks at two old ones
/// and lets those go that are idle; where that is not enough, the one goes that matters least of a few.
///
/// Every slot says which of two meters its mark is of. A change of the rate fills the meter that no slot is of, and then
/// takes the slots over one by one; whoever holds a slot's lock can rely on its meter.
#[derive(Debug)]
pub(super) struct Buckets {
    meters: [Cells; 2],
    /// Each for twice as many keys as the one before. Whoever still looks at one that was left finds no key in it.
    tables: [OnceLock<Slots>; TABLES],
    current: AtomicU32,
    pub(super) max: AtomicU32,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) keys: usize,
    pub(super) cursor: usize,
    /// Whether something else counts. Then there are no keys here.
    closed: bool,
    /// [`METER`] or nothing: which meter is in force.
    meter: u64,
    /// Of the keys that are marked as waited for. A queue is made when somebody first waits.
    queues: BTreeMap<u64, Arc<Queue>>,
}

/// The keys of the first table; a few for loom, so that it gets to a second one.
const FIRST: usize = if cfg!(mainstay_loom) { 2 } else { 64 };
const TABLES: usize = 28;

impl Buckets {
    pub(super) const fn new(meter: Meter, max: u32) -> Self {
        Self::starting(meter, max, false)
    }

    pub(super) const fn closed(meter: Meter, max: u32) -> Self {
        Self::starting(meter, max, true)
    }

    const fn starting(meter: Meter, max: u32, closed: bool) -> Self {
        Self {
            meters: [Cells::new(meter), Cells::new(meter)],
            tables: [const { OnceLock::new() }; TABLES],
            current: AtomicU32::new(0),
            max: AtomicU32::new(max),
            inner: Mutex::new(Inner { keys: 0, cursor: 0, closed, meter: 0, queues: BTreeMap::new() }),
        }
    }

    #[inline(always)]
    fn slots(&self) -> Option<&Slots> {
        self.tables.get(self.current.load(Ordering::Acquire) as usize)?.get()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes `amount` for this key, unless it is not there; `None` leaves it to [`Buckets::newcomer`]: a new key, one
    /// that somebody may wait for, and all that is rare.
    #[inline(always)]
    pub(super) fn take_plainly(
        &self,
        hash: u64,
        amount: Amount,
        clock: impl Fn() -> Instant,
    ) -> Option<Attempt> {
        let slot = self.slots()?.find(hash)?;
        let now = clock();
        let held = slot.lock();
        let verdict = if slot.is_of(hash) && held.flags() & WAITED == 0 {
            let cells = &self.meters[held.meter()];
            let (per_token, burst) = cells.per_token_and_burst();
            meter::judge_plainly(held.mark(), meter::cost(amount, per_token), burst, cells.tick(now))
        } else {
            None
        };
        match verdict {
            Some(Verdict::Admit(mark)) => {
                slot.unlock(held.with_mark(mark));
                Some(Attempt::Taken)
            }
            Some(Verdict::Wait(tick)) => {
                let due = self.meters[held.meter()].instant(tick).max(now);
                slot.unlock(held);
                Some(Attempt::Short { due, now })
            }
            _ => {
                slot.unlock(held);
                None
            }
        }
    }

    /// The lock of what is open; `None` of what is closed.
    fn open_lock(&self) -> Option<MutexGuard<'_, Inner>> {
        Some(self.lock()).filter(|inner| !inner.closed)
    }

    // From here on, `None` says that they are closed.

    /// Takes `amount` for this key, unless it is not there or others wait for it.
    #[cold]
    #[inline(never)]
    pub(super) fn newcomer(&self, hash: u64, amount: Amount, clock: impl Fn() -> Instant) -> Option<Attempt> {
        let mut inner = self.open_lock()?;
        // Before a key is made for it.
        if let Some(burst) = self.rule(&inner).too_much(amount) {
            return Some(Attempt::TooMuch { burst });
        }
        let now = clock();
        let waiting = inner.queue_of(hash);
        Some(self.with(&mut inner, hash, now, waiting.is_some(), |rule, spent| {
            rule.take(spent, amount, waiting.map_or(0, |queue| queue.ahead()), now, clock)
        }))
    }

    /// Takes the last place in the key's queue, and `amount` if it is there and the queue was empty.
    pub(super) fn join(&self, hash: u64, amount: Amount, clock: impl Fn() -> Instant) -> Option<Joined> {
        let mut inner = self.open_lock()?;
        let now = clock();
        // The place is taken under the lock: a key with waiters is never let go.
        let queue = inner.queues.entry(hash).or_insert_with(|| Arc::new(Queue::new()));
        let Some((place, ahead)) = Place::take(Arc::clone(queue), amount) else { return Some(None) };
        let attempt =
            self.with(&mut inner, hash, now, true, |rule, spent| rule.take(spent, amount, ahead, now, clock));
        Some(Some((place, attempt)))
    }

    /// Takes `amount` for the first in the key's queue, unless it is not there.
    pub(super) fn head(&self, hash: u64, amount: Amount, clock: impl Fn() -> Instant) -> Option<Attempt> {
        let mut inner = self.open_lock()?;
        if let Some(burst) = self.rule(&inner).too_much(amount) {
            return Some(Attempt::TooMuch { burst });
        }
        let now = clock();
        let take = |rule: &Rule, spent: &mut Spent| rule.take_as_head(spent, amount, now, clock);
        Some(self.with(&mut inner, hash, now, true, take))
    }

    /// The rule in force.
    fn rule(&self, inner: &Inner) -> Rule {
        self.rule_of(Held::new(0, inner.meter))
    }

    pub(super) fn rule_of(&self, held: Held) -> Rule {
        Rule::Bucket(self.meters[held.meter()].load())
    }

    /// Takes from the bucket of this key, which is made if there is none, and says whether others may while somebody
    /// waits.
    fn with(
        &self,
        inner: &mut Inner,
        hash: u64,
        now: Instant,
        waited: bool,
        take: impl FnOnce(&Rule, &mut Spent) -> Attempt,
    ) -> Attempt {
        // Only a table that cannot grow any more and in which somebody waits on every key has no room.
        let Some(slot) = self.slot_of(inner, hash, now) else { return Attempt::Short { due: now, now } };
        let held = slot.lock();
        let mut spent = Spent { mark: held.mark(), previous: 0, current: 0 };
        let attempt = take(&self.rule_of(held), &mut spent);
        let waited = if waited { WAITED } else { 0 };
        slot.unlock(Held::new(spent.mark, held.flags() & METER | waited));
        attempt
    }

    fn slot_of(&self, inner: &mut Inner, hash: u64, now: Instant) -> Option<&Slot> {
        let first = || Slots::for_keys(FIRST);
        let mut slots = self.slots().or_else(|| self.tables.first().map(|table| table.get_or_init(first)))?;
        if let Some(slot) = slots.find(hash) {
            return Some(slot);
        }
        self.make_room(inner, slots, now);
        let current = self.current.load(Ordering::Relaxed);
        if inner.keys >= FIRST << current {
            slots = self.grow(slots, current + 1).unwrap_or(slots);
        }
        let meter = self.meters[Held::new(0, inner.meter).meter()].load();
        let slot = slots.insert(hash, Held::new(meter.new_mark(), inner.meter))?;
        inner.keys += 1;
        Some(slot)
    }

    fn grow(&self, old: &Slots, next: u32) -> Option<&Slots> {
        let new = self.tables.get(next as usize)?.get_or_init(|| Slots::for_keys(FIRST << next));
        // Who misses a key meanwhile waits for the lock that we hold.
        for (hash, held) in old.drain() {
            new.insert(hash, held);
        }
        self.current.store(next, Ordering::Release);
        Some(new)
    }

    /// The tokens that this key has, whoever waits for them.
    pub(super) fn available(&self, hash: u64, now: Instant) -> Option<f64> {
        let inner = self.open_lock()?;
        let found = self.slots().and_then(|slots| slots.find(hash)).map(Slot::look);
        let rule = self.rule(&inner);
        let mark = found.map_or(rule.unspent().mark, Held::mark);
        Some(rule.available(Spent { mark, previous: 0, current: 0 }, now))
    }

    pub(super) fn len(&self) -> usize {
        self.lock().keys
    }

    /// Forgets what this key has spent. If somebody waits on it, it stays, and its queue is to be woken.
    pub(super) fn remove(&self, hash: u64) -> Option<Arc<Queue>> {
        let mut inner = self.lock();
        let slots = self.slots()?;
        let slot = slots.find(hash)?;
        let place = slots.place_of(hash)?;
        self.start_anew(&mut inner, slots, (place, hash, slot))
    }

    /// The same for all keys.
    pub(super) fn reset(&self) -> Vec<Arc<Queue>> {
        let mut inner = self.lock();
        let Some(slots) = self.slots() else { return Vec::new() };
        slots.taken().filter_map(|taken| self.start_anew(&mut inner, slots, taken)).collect()
    }

    fn start_anew(
        &self,
        inner: &mut Inner,
        slots: &Slots,
        (place, hash, slot): (usize, u64, &Slot),
    ) -> Option<Arc<Queue>> {
        let queue = inner.queue_of(hash);
        if queue.is_some() {
            let held = slot.lock();
            slot.unlock(held.with_mark(self.meters[held.meter()].load().new_mark()));
        } else if slots.free(place, hash, None) {
            inner.forget(hash);
        }
        queue
    }

    /// Remembers so many keys from now on; surplus ones leave as others come.
    pub(super) fn set_max(&self, max: u32) {
        self.max.store(max, Ordering::Relaxed);
    }

    /// The queues in which somebody may wait.
    pub(super) fn queues(&self) -> Vec<Arc<Queue>> {
        self.lock().queues.values().map(Arc::clone).collect()
    }

    /// Follows another meter from now on; every key keeps the tokens that it has, as far as they fit.
    pub(super) fn change(&self, new: Meter, now: Instant) {
        let mut inner = self.lock();
        let old = self.meters[Held::new(0, inner.meter).meter()].load();
        self.go_by(&mut inner, new);
        for (_, _, slot) in self.slots().into_iter().flat_map(Slots::taken) {
            let held = slot.lock();
            slot.unlock(Held::new(new.converted(&old, held.mark(), now), held.flags() ^ METER));
        }
    }

    /// Fills the meter that no slot is of, which is in force from now on.
    fn go_by(&self, inner: &mut Inner, new: Meter) {
        inner.meter ^= METER;
        self.meters[Held::new(0, inner.meter).meter()].store(new);
    }

    /// Counts no more, and gives away the rule and all keys.
    pub(super) fn close(&self) -> (Rule, Vec<Moving>) {
        let mut inner = self.lock();
        inner.closed = true;
        let rule = self.rule(&inner);
        let mut moving = Vec::with_capacity(inner.keys);
        if let Some(slots) = self.slots() {
            for (place, hash, slot) in slots.taken() {
                let mut held = slot.look();
                // Who is just taking from it is waited for.
                while !slots.free(place, hash, Some(held)) {
                    held = slot.look();
                }
                let spent = Spent { mark: held.mark(), previous: 0, current: 0 };
                moving.push(Moving { hash, spent, queue: inner.queue_of(hash) });
            }
        }
        inner.keys = 0;
        inner.queues.clear();
        (rule, moving)
    }

    /// Counts from now on, with these keys.
    pub(super) fn open(&self, new: Meter, keys: impl Iterator<Item = Moving>, now: Instant) {
        let mut inner = self.lock();
        inner.closed = false;
        self.go_by(&mut inner, new);
        for Moving { hash, spent: moved, queue } in keys {
            let is_waited_on = queue.is_some();
            inner.queues.extend(queue.map(|queue| (hash, queue)));
            self.with(&mut inner, hash, now, is_waited_on, |_, spent| {
                *spent = moved;
                Attempt::Taken
            });
        }
    }
}

impl Inner {
    /// The queue of this key, if somebody waits in it; nobody can come to wait in it meanwhile.
    pub(super) fn queue_of(&mut self, hash: u64) -> Option<Arc<Queue>> {
        let queue = self.queues.get(&hash)?;
        if queue.waiters() > 0 {
            return Some(Arc::clone(queue));
        }
        self.queues.remove(&hash);
        None
    }

    pub(super) fn forget(&mut self, hash: u64) {
        self.queues.remove(&hash);
        self.keys -= 1;
    }
}
