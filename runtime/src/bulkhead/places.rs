use std::{collections::BTreeMap, fmt, sync::PoisonError, task::Waker};

use super::take::Take;
use crate::sync::{AtomicU32, AtomicU64, Mutex, MutexGuard, Ordering};

/// Places to be taken and released, and a fair queue for them.
///
/// One word holds how many are taken and how many wait. While nobody waits, taking and releasing change that word and
/// touch nothing else. While somebody waits, places are taken only under the queue's lock and only for the longest
/// waiter, so a place that was released has no other takers until whoever released it has handed it over.
pub(super) struct Places {
    tally: AtomicU64,
    /// Written under the queue's lock.
    limit: AtomicU32,
    queue: Mutex<Queue>,
}

/// A ticket in here waits; one that is gone was handed a place or has left.
struct Queue {
    waiting: BTreeMap<u64, Waker>,
    next_ticket: u64,
}

/// What became of a caller who came to the queue.
pub(super) enum Arrival {
    Taken,
    Queued(u64),
    Full,
}

/// The word: how many wait (upper half) and how many places are taken (lower half).
#[derive(Clone, Copy)]
struct Tally(u64);

impl Tally {
    const ONE_WAITING: u64 = 1 << 32;

    const fn taken(self) -> u32 {
        self.0 as u32
    }

    const fn waiting(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

impl Places {
    pub(super) const fn new(limit: u32) -> Self {
        Self {
            tally: AtomicU64::new(0),
            limit: AtomicU32::new(limit),
            queue: Mutex::new(Queue { waiting: BTreeMap::new(), next_ticket: 0 }),
        }
    }

    pub(super) fn limit(&self) -> u32 {
        self.limit.load(Ordering::Relaxed)
    }

    /// Places taken, those of waiters who do not know of their luck yet included.
    pub(super) fn taken(&self) -> u32 {
        self.load().taken()
    }

    pub(super) fn waiting(&self) -> u32 {
        self.load().waiting()
    }

    /// Takes a place if one is free and nobody waits for it.
    #[inline]
    pub(super) fn try_take(&self) -> bool {
        let mut tally = self.load();
        while tally.waiting() == 0 && tally.taken() < self.limit() {
            match self.exchange(tally, tally.0 + 1) {
                Ok(()) => return true,
                Err(actual) => tally = actual,
            }
        }
        false
    }

    /// Takes a place in arrival order, unless `max_queue` are waiting already.
    pub(super) fn take(&self, max_queue: u32) -> Take<'_> {
        Take::new(self, max_queue)
    }

    /// Gives back a place that was taken.
    #[inline]
    pub(super) fn release(&self) {
        // Unlike an exchange it never fails, however many release and take at the same time.
        if Tally(self.tally.fetch_sub(1, Ordering::AcqRel)).waiting() > 0 {
            self.hand_over();
        }
    }

    /// More places go to the waiters at once; fewer come about as places are released.
    pub(super) fn set_limit(&self, limit: u32) {
        let mut lucky = Vec::new();
        {
            let mut queue = self.lock();
            self.limit.store(limit, Ordering::Relaxed);
            lucky.extend(std::iter::from_fn(|| self.let_in(&mut queue)));
        }
        lucky.into_iter().for_each(Waker::wake);
    }

    /// Finds a place that was released its next holder, unless somebody has done so before.
    #[cold]
    fn hand_over(&self) {
        let next = self.let_in(&mut self.lock());
        if let Some(waker) = next {
            waker.wake();
        }
    }

    /// Takes a place for the longest waiter if one is free; the waker is to be woken once the lock is released.
    fn let_in(&self, queue: &mut Queue) -> Option<Waker> {
        let tally = self.load();
        if tally.waiting() == 0 || tally.taken() >= self.limit() {
            return None;
        }
        // It is still free: while somebody waits, only the lock's holder takes places.
        self.tally.fetch_sub(Tally::ONE_WAITING - 1, Ordering::AcqRel);
        queue.pop()
    }

    /// Takes a place if it is this caller's turn, else joins the queue if there is room.
    pub(super) fn arrive(&self, max_queue: u32, waker: Waker) -> Arrival {
        let mut queue = self.lock();
        loop {
            let tally = self.load();
            if tally.waiting() == 0 && tally.taken() < self.limit() {
                if self.exchange(tally, tally.0 + 1).is_ok() {
                    return Arrival::Taken;
                }
            } else if tally.waiting() >= max_queue {
                return Arrival::Full;
            } else if self.exchange(tally, tally.0 + Tally::ONE_WAITING).is_ok() {
                return Arrival::Queued(queue.push(waker));
            }
        }
    }

    /// Whether the holder of the ticket must wait on; if not, the place is theirs.
    pub(super) fn must_wait(&self, ticket: u64, waker: Waker) -> bool {
        let mut queue = self.lock();
        let Some(known) = queue.waiting.get_mut(&ticket) else { return false };
        let replaced = std::mem::replace(known, waker);
        drop(queue);
        // Dropping a waker may run the executor's code, which has no business under our lock.
        drop(replaced);
        true
    }

    /// Gives up a ticket: leaves the queue, or passes on the place that was just handed over.
    pub(super) fn leave(&self, ticket: u64) {
        let mut queue = self.lock();
        let waited = queue.waiting.remove(&ticket);
        if waited.is_some() {
            self.tally.fetch_sub(Tally::ONE_WAITING, Ordering::AcqRel);
        }
        drop(queue);
        if waited.is_none() {
            self.release();
        }
    }

    #[inline]
    fn load(&self) -> Tally {
        Tally(self.tally.load(Ordering::Acquire))
    }

    #[inline]
    fn exchange(&self, from: Tally, to: u64) -> Result<(), Tally> {
        self.tally
            .compare_exchange_weak(from.0, to, Ordering::AcqRel, Ordering::Acquire)
            .map(|_| ())
            .map_err(Tally)
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn push(&mut self, waker: Waker) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.waiting.insert(ticket, waker);
        ticket
    }

    fn pop(&mut self) -> Option<Waker> {
        self.waiting.pop_first().map(|(_, waker)| waker)
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Places")
            .field("limit", &self.limit())
            .field("taken", &self.taken())
            .field("waiting", &self.waiting())
            .finish()
    }
}
