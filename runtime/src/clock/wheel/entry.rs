use std::{fmt, mem::ManuallyDrop, task::Waker};

use super::{
    barrier::Barrier,
    tick::NEVER,
};
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
/// A wait puts its ticket in and then reads `armed`; the wheel clears `armed` and then looks for the ticket. Between the two
/// lies the timer's [`Barrier`]: either the wheel finds the ticket of this wait, or the wait sees that the wheel will not come
/// by.
pub(super) struct Entry {
    /// The tick at which the wait ends.
    due: AtomicU64,
    /// The tick by which the wheel will look at the entry, [`NEVER`] where it is in no wheel. Written under the lock.
    armed: AtomicU64,
    /// Its number in the wheel, while it is in it. Under the lock.
    node: AtomicU32,
    /// To be dropped by whoever takes it, so that putting it in need not look for another: there is none then.
    ticket: AtomicCell<Option<ManuallyDrop<Ticket>>>,
}

/// What the wheel found in an entry.
pub(super) enum Found {
    /// A wait that ends at that tick.
    Waits(u64),
    /// A wait whose time has come. It is told so; its waker is not yet.
    Due(Ticket),
    /// No wait, or one that is being set at this moment.
    Nothing,
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

    /// Sets a wait until tick `due`, and says whether the wheel comes by in time.
    #[inline]
    pub(super) fn put(&self, due: u64, ticket: Ticket, barrier: &Barrier) -> bool {
        self.put_back(due, ticket);
        barrier.often();
        self.armed() <= due
    }

    #[inline]
    fn put_back(&self, due: u64, ticket: Ticket) {
        self.due.store(due, Ordering::Relaxed);
        self.ticket.store(Some(ManuallyDrop::new(ticket)));
    }

    /// Takes the wait away. `None` where its time has come, and also while the wheel looks at it.
    #[inline]
    pub(super) fn take(&self) -> Option<Ticket> {
        self.ticket.take().map(ManuallyDrop::into_inner)
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

    /// What the wheel does when it comes by in tick `now`, under the lock. `enter` says under what number the entry is in the
    /// wheel until the tick at which its wait ends; where it is not to stay, it [leaves](Self::leave).
    ///
    /// With [`Nothing`](Found::Nothing) in it, it is to be looked at once more, behind the barrier.
    pub(super) fn look(&self, now: u64, enter: impl FnOnce(u64) -> Option<u32>) -> Found {
        self.leave();
        let Some(ticket) = self.take() else { return Found::Nothing };
        let due = self.due.load(Ordering::Relaxed);
        if due > now {
            if let Some(node) = enter(due) {
                self.enter(due, node);
            }
            self.put_back(due, ticket);
            return Found::Waits(due);
        }
        self.due.store(FIRED, Ordering::Release);
        Found::Due(ticket)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        drop(self.take());
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("due", &self.due).field("armed", &self.armed).finish_non_exhaustive()
    }
}
