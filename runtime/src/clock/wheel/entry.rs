use std::{fmt, task::Waker};

use super::{barrier::Barrier, tick::NEVER};
use crate::sync::{AtomicCell, AtomicU32, AtomicU64, Ordering};

/// A waker in its box, which goes from hand to hand.
pub(super) type Ticket = Box<Option<Waker>>;

/// What `due` says when nothing waits; later than all that does.
const IDLE: u64 = NEVER;

/// What a wait and the wheel share.
///
/// The waker lies in it from one wait to the next: for most, it is the right one again. Who waits says so in `due` and then
/// reads `armed`; the wheel clears `armed`, which it writes under the lock of its shard, and then reads `due`. Between the two
/// lies the timer's [`Barrier`]: either the wheel sees the wait, or the wait sees that the wheel will not come by. So the wheel
/// takes a waker out only where it is to be woken, or where nothing waits.
pub(super) struct Entry {
    /// The tick at which the wait ends. Written by who waits.
    due: AtomicU64,
    /// The tick of the last wait that was woken: it has come, and all before it. Written by the wheel.
    fired: AtomicU64,
    /// The tick by which the wheel will look at the entry, [`NEVER`] where it is in no wheel. Written under the lock.
    armed: AtomicU64,
    /// Its number in the wheel, while it is in it. Under the lock.
    node: AtomicU32,
    ticket: AtomicCell<Option<Ticket>>,
}

/// What the wheel found in an entry.
#[derive(Debug)]
pub(super) enum Found {
    /// A wait that ends at that tick.
    Waits(u64),
    /// A wait whose time has come, and who is to be woken.
    Due(Option<Ticket>),
    /// No wait, and the waker of the last one.
    Nothing(Option<Ticket>),
}

impl Entry {
    pub(super) fn new() -> Self {
        Self {
            due: AtomicU64::new(IDLE),
            fired: AtomicU64::new(0),
            armed: AtomicU64::new(NEVER),
            node: AtomicU32::new(0),
            ticket: AtomicCell::new(None),
        }
    }

    /// Sets a wait until tick `due`, and says whether the wheel comes by in time. Then the waker that was put in last is in it.
    #[inline]
    pub(super) fn set(&self, due: u64, barrier: &Barrier) -> bool {
        self.due.store(due, Ordering::Release);
        barrier.often();
        self.armed() <= due
    }

    /// Ends the wait. Its waker stays for the next one, or until the wheel comes by.
    #[inline]
    pub(super) fn unset(&self) {
        self.due.store(IDLE, Ordering::Release);
    }

    /// Puts a waker in, and gives the one that was in it.
    pub(super) fn put(&self, ticket: Ticket) -> Option<Ticket> {
        self.ticket.swap(Some(ticket))
    }

    /// Takes the waker out. `None` where the wheel has taken it.
    pub(super) fn take(&self) -> Option<Ticket> {
        self.ticket.take()
    }

    /// Whether there is a waker in it. To be called under the lock, by who waits.
    pub(super) fn has_ticket(&self) -> bool {
        self.take().map(|ticket| self.put(ticket)).is_some()
    }

    /// Whether the wheel has woken a wait until tick `due`, or one that was until later.
    #[inline]
    pub(super) fn has_fired(&self, due: u64) -> bool {
        self.fired.load(Ordering::Acquire) >= due
    }

    #[inline]
    fn armed(&self) -> u64 {
        self.armed.load(Ordering::Relaxed)
    }

    /// Its number in the wheel. To be called under the lock.
    pub(super) fn node(&self) -> Option<u32> {
        (self.armed() != NEVER).then(|| self.node.load(Ordering::Relaxed))
    }

    /// It is in the wheel under that number. To be called under the lock.
    pub(super) fn enter(&self, armed: u64, node: u32) {
        self.node.store(node, Ordering::Relaxed);
        self.armed.store(armed, Ordering::Relaxed);
    }

    /// It is in no wheel any more. To be called under the lock.
    pub(super) fn leave(&self) {
        self.armed.store(NEVER, Ordering::Relaxed);
    }

    /// What the wheel finds in tick `now`, under the lock, when the entry has [left](Self::leave) it and the barrier is passed.
    pub(super) fn look(&self, now: u64) -> Found {
        let due = self.due.load(Ordering::Acquire);
        if due == IDLE {
            return Found::Nothing(self.take());
        }
        if due > now {
            return Found::Waits(due);
        }
        self.fired.store(due, Ordering::Release);
        // Only now: who puts another waker in and finds this one gone sees that the time has come.
        Found::Due(self.take())
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("due", &self.due).field("armed", &self.armed).finish_non_exhaustive()
    }
}
