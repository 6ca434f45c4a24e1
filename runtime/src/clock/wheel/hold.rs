use std::{
    fmt, mem, ptr,
    sync::Arc,
    task::{Poll, Waker},
};

use super::{
    entry::{Entry, Ticket},
    tick::{self, NEVER},
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
    /// Which waker waits.
    waker: Identity,
    /// Kept for the next wait.
    ticket: Option<Ticket>,
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
            waker: (0, 0),
            ticket: None,
        }
    }

    /// Whether `at` has come since the first poll after [`cancel`](Self::cancel); else `waker` is woken when it does.
    #[inline]
    pub(in crate::clock) fn poll(&mut self, at: Instant, waker: &Waker) -> Result<Poll<()>, NoThread> {
        if self.state == State::Idle {
            let mut ticket = self.ticket.take().unwrap_or_default();
            *ticket = Some(waker.clone());
            return self.set(tick::not_before(at), identity(waker), ticket);
        }
        self.poll_again(at, waker)
    }

    #[inline]
    fn set(&mut self, due: u64, waker: Identity, ticket: Ticket) -> Result<Poll<()>, NoThread> {
        self.waker = waker;
        self.state = State::Set;
        if self.entry.put(due, ticket, self.timer.barrier()) {
            return Ok(Poll::Pending);
        }
        self.arm(due)
    }

    #[cold]
    fn arm(&mut self, due: u64) -> Result<Poll<()>, NoThread> {
        match self.timer.arm(self.shard, &self.entry, due) {
            Armed::Yes => Ok(Poll::Pending),
            Armed::Due => {
                self.cancel();
                self.state = State::Over;
                Ok(Poll::Ready(()))
            }
            Armed::NoThread => Err(NoThread),
        }
    }

    #[inline(never)]
    fn poll_again(&mut self, at: Instant, waker: &Waker) -> Result<Poll<()>, NoThread> {
        if self.state == State::Over || self.entry.has_fired() {
            self.state = State::Over;
            return Ok(Poll::Ready(()));
        }
        // The waker that waits is alive as long as it has not been woken: no other can be at its address.
        let identity = identity(waker);
        if self.waker == identity {
            return Ok(Poll::Pending);
        }
        let Some(mut ticket) = self.take() else {
            self.state = State::Over;
            return Ok(Poll::Ready(()));
        };
        let before = ticket.replace(waker.clone());
        let polled = self.set(tick::not_before(at), identity, ticket);
        // Last, and under no lock: its task may go with it, and that task's waits.
        drop(before);
        polled
    }

    /// Ends the wait, if there is one. Its waker is gone then.
    #[inline]
    pub(in crate::clock) fn cancel(&mut self) {
        if mem::replace(&mut self.state, State::Idle) == State::Set
            && let Some(mut ticket) = self.take()
        {
            let waker = ticket.take();
            self.ticket = Some(ticket);
            drop(waker);
        }
    }

    /// The ticket of a wait that is set; `None` where its time has come.
    #[inline]
    fn take(&self) -> Option<Ticket> {
        self.entry.take().or_else(|| self.timer.take_after_look(self.shard, &self.entry))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.cancel();
        // Only the wheel's leaving can be news to this thread.
        if self.entry.armed() != NEVER {
            self.timer.forget(self.shard, &self.entry);
        }
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hold").field("entry", &self.entry).field("state", &self.state).finish_non_exhaustive()
    }
}
