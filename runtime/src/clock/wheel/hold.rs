use std::{
    fmt, mem, ptr,
    sync::Arc,
    task::{Poll, Waker},
};

use super::{
    entry::{Entry, Ticket},
    tick,
    timer::{Armed, Timer},
};
use crate::clock::Instant;

/// An entry as its place has it: for one wait after the other.
pub(in crate::clock) struct Hold {
    entry: Arc<Entry>,
    timer: &'static Timer,
    /// The shard whose wheel it goes to.
    shard: usize,
    state: State,
    /// The tick at which the wait ends that was set last.
    due: u64,
    /// Which waker was put into the entry last; the wheel may have taken it.
    waker: Identity,
    /// A box for the next waker.
    spare: Option<Ticket>,
    /// Whether the entry has ever been given to the wheel.
    was_armed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Idle,
    Set,
    Over,
}

/// No thread can be had that would wake anybody.
#[derive(Debug, PartialEq)]
pub(in crate::clock) struct NoThread;

/// What [`Waker::will_wake`] compares, of a waker that lives.
type Identity = (usize, usize);

/// No waker has a table of functions at zero.
const NOBODY: Identity = (0, 0);

fn identity(waker: &Waker) -> Identity {
    (waker.data().addr(), ptr::from_ref(waker.vtable()).addr())
}

impl Hold {
    pub(in crate::clock) fn new() -> Self {
        Self::of(Timer::of_the_process())
    }

    pub(super) fn of(timer: &'static Timer) -> Self {
        Self {
            entry: Arc::new(Entry::new()),
            timer,
            shard: timer.own_shard(),
            state: State::Idle,
            due: 0,
            waker: NOBODY,
            spare: None,
            was_armed: false,
        }
    }

    /// Whether `at` has come since the first poll after [`cancel`](Self::cancel); else `waker` is woken when it does.
    #[inline]
    pub(in crate::clock) fn poll(&mut self, at: Instant, waker: &Waker) -> Result<Poll<()>, NoThread> {
        if self.state != State::Idle {
            return self.poll_again(waker);
        }
        let due = tick::not_before(at);
        if self.waker != identity(waker) {
            return self.set_for_another(due, waker);
        }
        self.set(due, waker)
    }

    #[inline]
    fn set(&mut self, due: u64, waker: &Waker) -> Result<Poll<()>, NoThread> {
        (self.state, self.due) = (State::Set, due);
        if self.entry.set(due, self.timer.barrier()) {
            return Ok(Poll::Pending);
        }
        self.arm(due, waker)
    }

    #[inline(never)]
    fn set_for_another(&mut self, due: u64, waker: &Waker) -> Result<Poll<()>, NoThread> {
        let before = self.put(waker);
        let polled = self.set(due, waker);
        // Last, and under no lock: its task may go with it, and that task's waits.
        drop(before);
        polled
    }

    /// Puts `waker` into the entry, and gives the one that was in it.
    fn put(&mut self, waker: &Waker) -> Option<Waker> {
        let mut ticket = self.spare.take().unwrap_or_default();
        *ticket = Some(waker.clone());
        self.waker = identity(waker);
        let mut before = self.entry.put(ticket)?;
        let waker = before.take();
        self.spare = Some(before);
        waker
    }

    #[cold]
    fn arm(&mut self, due: u64, waker: &Waker) -> Result<Poll<()>, NoThread> {
        self.was_armed = true;
        let mut armed = self.timer.arm(self.shard, &self.entry, due);
        if armed == Armed::NoTicket {
            drop(self.put(waker));
            armed = self.timer.arm(self.shard, &self.entry, due);
        }
        match armed {
            Armed::Yes => Ok(Poll::Pending),
            Armed::Due => {
                self.end();
                self.state = State::Over;
                Ok(Poll::Ready(()))
            }
            Armed::NoTicket | Armed::NoThread => {
                self.end();
                Err(NoThread)
            }
        }
    }

    #[inline(never)]
    fn poll_again(&mut self, waker: &Waker) -> Result<Poll<()>, NoThread> {
        if self.state == State::Over || self.entry.has_fired(self.due) {
            self.state = State::Over;
            return Ok(Poll::Ready(()));
        }
        // The waker that waits is alive as long as it has not been woken: no other can be at its address.
        if self.waker == identity(waker) {
            return Ok(Poll::Pending);
        }
        let before = self.put(waker);
        let has_fired = self.entry.has_fired(self.due);
        if has_fired {
            // The wheel has woken the one before, or this one.
            self.let_go();
            self.state = State::Over;
        }
        drop(before);
        Ok(if has_fired { Poll::Ready(()) } else { Poll::Pending })
    }

    /// Ends the wait, if there is one. Its waker is kept for the next one, at most until the wheel comes by.
    #[inline]
    pub(in crate::clock) fn cancel(&mut self) {
        if mem::replace(&mut self.state, State::Idle) != State::Idle {
            self.entry.unset();
        }
    }

    /// Ends the wait, and keeps no waker.
    fn end(&mut self) {
        self.cancel();
        self.let_go();
    }

    /// Lets the waker go that is kept for the next wait.
    pub(in crate::clock) fn let_go(&mut self) {
        self.waker = NOBODY;
        if let Some(mut ticket) = self.entry.take() {
            let waker = ticket.take();
            self.spare = Some(ticket);
            drop(waker);
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.cancel();
        // Whether the wheel has it still, only the wheel's lock can tell.
        if self.was_armed {
            self.timer.forget(self.shard, &self.entry);
        }
        self.let_go();
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hold").field("entry", &self.entry).field("state", &self.state).finish_non_exhaustive()
    }
}
