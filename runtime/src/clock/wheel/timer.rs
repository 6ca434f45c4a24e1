use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, OnceLock, PoisonError},
    task::Waker,
};

use super::{
    alarm::Alarm,
    barrier::Barrier,
    entry::{Entry, Found, Ticket},
    levels::Wheel,
    tick::{self, NEVER},
};
use crate::{
    clock::{Instant, source},
    observe::seat,
    sync::{Mutex, MutexGuard},
};

/// How many entries are looked at before others get the lock.
const MOST: usize = 128;

/// Wheels, one for each of the first threads and one for the rest, and who turns them.
#[derive(Debug)]
pub(super) struct Timer {
    shards: Box<[Shard]>,
    barrier: Barrier,
    alarm: Alarm,
    now: fn() -> Instant,
}

/// On cache lines of its own.
#[derive(Debug)]
#[repr(align(128))]
struct Shard(Mutex<Wheel<Arc<Entry>>>);

/// What became of a wait that was to be put into the wheel.
#[derive(Debug, PartialEq)]
pub(super) enum Armed {
    Yes,
    /// Its time has come already.
    Due,
    /// The entry has no waker any more; it is in no wheel.
    NoTicket,
    /// No thread can be had that would turn the wheel, or no memory.
    NoThread,
}

impl Shard {
    fn lock(&self) -> MutexGuard<'_, Wheel<Arc<Entry>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Timer {
    pub(super) fn of_the_process() -> &'static Self {
        static TIMER: OnceLock<Timer> = OnceLock::new();
        TIMER.get_or_init(|| Self::new(1 + seat::count(), Alarm::with_thread(), source::now))
    }

    pub(super) fn new(shards: usize, alarm: Alarm, now: fn() -> Instant) -> Self {
        let shards = (0..shards).map(|_| Shard(Mutex::new(Wheel::new()))).collect();
        Self { shards, barrier: Barrier::new(), alarm, now }
    }

    /// What lies between setting a wait and seeing whether the wheel comes by.
    #[inline]
    pub(super) const fn barrier(&self) -> &Barrier {
        &self.barrier
    }

    /// The shard for the entries that this thread makes.
    pub(super) fn own_shard(&self) -> usize {
        seat::ask();
        let seat = seat::seat();
        if seat < self.shards.len() { seat } else { 0 }
    }

    /// Sees to it that the wheel looks at `entry` by tick `due`, unless that has come.
    #[cold]
    pub(super) fn arm(&'static self, shard: usize, entry: &Arc<Entry>, due: u64) -> Armed {
        let Some(own) = self.shards.get(shard) else { return Armed::NoThread };
        let now = tick::of((self.now)());
        if due <= now {
            return Armed::Due;
        }
        let next = {
            let mut wheel = own.lock();
            let known = entry.node().and_then(|node| wheel.remove(node));
            entry.leave();
            // The wheel that came by when nothing waited may have taken it.
            if !entry.has_ticket() {
                return Armed::NoTicket;
            }
            let Some(node) = wheel.insert(now, due, known.unwrap_or_else(|| Arc::clone(entry))) else {
                return Armed::NoThread;
            };
            entry.enter(due, node);
            wheel.next()
        };
        if self.alarm.hurry(next.unwrap_or(due), || self.turn()) {
            return Armed::Yes;
        }
        self.forget(shard, entry);
        Armed::NoThread
    }

    /// Takes `entry` out of the wheel.
    #[cold]
    pub(super) fn forget(&self, shard: usize, entry: &Entry) {
        let Some(shard) = self.shards.get(shard) else { return };
        let mut wheel = shard.lock();
        let forgotten = entry.node().and_then(|node| wheel.remove(node));
        entry.leave();
        drop(wheel);
        drop(forgotten);
    }

    /// Turns all wheels to tick `now`, and wakes those whose time has come. Says at which tick to come again.
    pub(super) fn look(&self, now: u64, errands: &mut Vec<Errand>) -> u64 {
        self.alarm.begin();
        self.shards.iter().map(|shard| shard.look(now, &self.barrier, errands)).min().unwrap_or(NEVER)
    }

    /// What the thread does for ever.
    fn turn(&self) {
        let mut errands = Vec::new();
        loop {
            let next = self.look(tick::of((self.now)()), &mut errands);
            self.alarm.rest(next, self.now);
        }
    }

    /// How many entries are in the wheels, and when they are looked at next.
    #[cfg(test)]
    pub(super) fn state(&self) -> (usize, u64) {
        let len = self.shards.iter().map(|shard| shard.lock().len()).sum();
        (len, self.alarm.planned())
    }

    /// The same as [`rest`](Alarm::rest) where there is no thread that could.
    #[cfg(test)]
    pub(super) fn plan(&self, next: u64) {
        self.alarm.lower(next);
    }
}

/// What is to be done with a waker when the lock is free again.
#[derive(Debug)]
pub(super) enum Errand {
    Wake(Ticket),
    /// Nothing waits with it.
    Drop(Ticket),
}

impl Errand {
    /// What a waker of others does must not end the thread that wakes all of them.
    fn run(self) {
        let done = catch_unwind(AssertUnwindSafe(|| match self {
            Self::Wake(mut ticket) => mem::take(&mut *ticket).map_or((), Waker::wake),
            Self::Drop(ticket) => drop(ticket),
        }));
        if done.is_err() {
            tracing::error!(target: "mainstay", "a waker panicked when its time had come");
        }
    }
}

impl Shard {
    fn look(&self, now: u64, barrier: &Barrier, errands: &mut Vec<Errand>) -> u64 {
        let mut left = Vec::new();
        loop {
            let (more, next) = {
                let mut wheel = self.lock();
                let more = wheel.advance(now, MOST, |entry, _| {
                    entry.leave();
                    left.push(Arc::clone(entry));
                    None
                });
                look_at(&left, &mut wheel, now, barrier, errands);
                (more, wheel.next())
            };
            // Their wakers have been taken out, where nothing waits.
            left.clear();
            errands.drain(..).for_each(Errand::run);
            if !more {
                return next.unwrap_or(NEVER);
            }
        }
    }
}

/// Looks at entries that have left the wheel. Those in which something waits for later go back.
fn look_at(
    left: &[Arc<Entry>],
    wheel: &mut Wheel<Arc<Entry>>,
    now: u64,
    barrier: &Barrier,
    errands: &mut Vec<Errand>,
) {
    if left.is_empty() {
        return;
    }
    let is_passed = barrier.seldom();
    for entry in left {
        let found = match is_passed {
            true => entry.look(now),
            // In a tick, what another thread is storing at this moment is there to be seen.
            false => Found::Waits(now.saturating_add(1)),
        };
        match found {
            Found::Waits(at) => {
                if let Some(node) = wheel.insert(now, at, Arc::clone(entry)) {
                    entry.enter(at, node);
                }
            }
            Found::Due(ticket) => errands.extend(ticket.map(Errand::Wake)),
            Found::Nothing(ticket) => errands.extend(ticket.map(Errand::Drop)),
        }
    }
}
