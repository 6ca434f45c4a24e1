//! Coarse timers for limits that nearly never elapse.
//!
//! A time limit is set when a call first has to wait, and taken away when the call goes on: it elapses once in a million
//! times. So what costs something here is done when a limit elapses, or at a tick before it would, and not when it is
//! set or taken away:
//!
//! - An [entry](entry::Entry) belongs to a place that a thread keeps for its waits. It stays in the wheel when a wait is over,
//!   and so does the waker in it. The next wait in that place ends later, as a rule, and is found when the wheel comes by; often
//!   it is of the same task. Then setting it is a store, and so is cancelling it. Another task's waker is swapped in.
//! - When the wheel comes by ([`Entry::look`](entry::Entry::look)), an entry in which nothing waits leaves it, and its waker
//!   goes; one that waits for later moves there, and one whose time has come is woken.
//! - Of two threads that store and then read what the other has stored, one at least has to see the other. The wheel sees to
//!   that for both, by a [barrier](barrier::Barrier) that all threads pass when it comes by, so that waits need no fence.
//! - Only an entry that is not in the wheel, or would be looked at too late, takes the lock of its shard. Each thread that
//!   makes entries has a shard of its own.
//! - One thread sleeps until the first tick at which a shard has something to look at, and until it is called where
//!   none has.
//!
//! Ticks are 1.05 ms long. Nothing is woken before its instant; the wheel adds a tick and what the system takes to wake a
//! thread. Wakers are called and dropped under no lock.

mod alarm;
mod barrier;
mod entry;
mod hold;
mod levels;
#[cfg(all(test, mainstay_loom))]
mod loom;
#[cfg(test)]
mod model;
mod nodes;
#[cfg(all(test, not(mainstay_loom)))]
mod tests;
mod tick;
mod timer;

pub(super) use hold::Hold;
