use std::{fmt, task::Waker};

use super::tick::NEVER;
use crate::sync::{AtomicCell, AtomicU32, AtomicU64, Ordering};

/// A waker in its box, which goes from hand to hand: whoever has it may change it.
pub(super) type Ticket = Box<Option<Waker>>;

/// What `due` says when the time has come.
const FIRED: u64 = NEVER;

/// What a wait and the wheel share.
///
/// While a wait is set, its ticket lies in `ticket`, or is in the hands of a wheel that looks at the entry, which it does
/// under the lock of its shard. `due` belongs to whoever has the ticket.
///
/// A wait puts its ticket in and then reads `armed`; the wheel clears `armed` and then takes the ticket. The one swap comes
/// after the other: either the wheel has the ticket of this wait, or the wait sees that the wheel will not come by.
pub(super) struct Entry {
    /// The tick at which the wait ends.
    due: AtomicU64,
    /// The tick by which the wheel will look at the entry, [`NEVER`] where it is in no wheel. Written under the lock.
    armed: AtomicU64,
    /// Its number in the wheel, while it is in it. Under the lock.
    node: AtomicU32,
    ticket: AtomicCell<Option<Ticket>>,
}

impl Entry {
    pub(super) fn new() -> Self {
        Self {
            due: AtomicU64::new(NEVER),
            armed: AtomicU64::new(NEVER),
            node: AtomicU32::new(0),
            ticket: AtomicCell::new(None),
        }
    }

    /// Sets a wait until tick `due`. The wheel comes by in time if [`armed`](Self::armed) then says so.
    #[inline]
    pub(super) fn put(&self, due: u64, ticket: Ticket) {
        self.due.store(due, Ordering::Relaxed);
        let before = self.ticket.swap(Some(ticket));
        debug_assert!(before.is_none());
    }

    /// Takes the wait away. `None` where its time has come, and also while the wheel looks at it.
    #[inline]
    pub(super) fn take(&self) -> Option<Ticket> {
        self.ticket.take()
    }

    /// Whether the wheel has woken the wait that was set last.
    #[inline]
    pub(super) fn has_fired(&self) -> bool {
        self.due.load(Ordering::Acquire) == FIRED
    }

    #[inline]
    pub(super) fn armed(&self) -> u64 {
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

    /// What the wheel does when it comes by in tick `now`, under the lock: says when it is to come again, or gives the
    /// ticket of a wait whose time has come to `fire`.
    pub(super) fn look(&self, now: u64, node: u32, fire: impl FnOnce(Ticket)) -> Option<u64> {
        self.leave();
        let ticket = self.ticket.take()?;
        let due = self.due.load(Ordering::Relaxed);
        if due > now {
            self.enter(due, node);
            self.put(due, ticket);
            return Some(due);
        }
        self.due.store(FIRED, Ordering::Release);
        fire(ticket);
        None
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("due", &self.due).field("armed", &self.armed).finish_non_exhaustive()
    }
}
