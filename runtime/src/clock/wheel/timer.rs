use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, OnceLock, PoisonError},
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

    /// The ticket of an entry that the wheel may be looking at.
    #[cold]
    pub(super) fn take_after_look(&self, shard: usize, entry: &Entry) -> Option<Ticket> {
        // Looks are under the lock: none goes on now, and none begins before the entry's owner sets another wait.
        drop(self.shards.get(shard)?.lock());
        entry.take()
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
    pub(super) fn look(&self, now: u64, due: &mut Vec<Ticket>) -> u64 {
        self.alarm.begin();
        self.shards.iter().map(|shard| shard.look(now, &self.barrier, due)).min().unwrap_or(NEVER)
    }

    /// What the thread does for ever.
    fn turn(&self) {
        let mut due = Vec::new();
        loop {
            let next = self.look(tick::of((self.now)()), &mut due);
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

impl Shard {
    fn look(&self, now: u64, barrier: &Barrier, due: &mut Vec<Ticket>) -> u64 {
        loop {
            let (more, next) = {
                let mut wheel = self.lock();
                let mut idle = Vec::new();
                let more = wheel.advance(now, MOST, |entry, node| match entry.look(now, |_| Some(node)) {
                    Found::Waits(at) => Some(at),
                    Found::Due(ticket) => {
                        due.push(ticket);
                        None
                    }
                    Found::Nothing => {
                        idle.push(Arc::clone(entry));
                        None
                    }
                });
                let_go(&mut wheel, idle, now, barrier, due);
                (more, wheel.next())
            };
            for mut ticket in due.drain(..) {
                // What a waker of others does must not end the thread that wakes all of them.
                let woken =
                    catch_unwind(AssertUnwindSafe(|| mem::take(&mut *ticket).map(std::task::Waker::wake)));
                if woken.is_err() {
                    tracing::error!(target: "mainstay", "a waker panicked when its time had come");
                }
            }
            if !more {
                return next.unwrap_or(NEVER);
            }
        }
    }
}

/// Leaves entries in which nothing waits out of the wheel, but for those in which a wait has been set meanwhile.
fn let_go(
    wheel: &mut Wheel<Arc<Entry>>,
    idle: Vec<Arc<Entry>>,
    now: u64,
    barrier: &Barrier,
    due: &mut Vec<Ticket>,
) {
    if idle.is_empty() {
        return;
    }
    let is_passed = barrier.seldom();
    for entry in idle {
        let enter = |at| wheel.insert(now, at, Arc::clone(&entry));
        match entry.look(now, enter) {
            Found::Due(ticket) => due.push(ticket),
            // A tick is time enough for what another thread has stored to be seen.
            Found::Nothing if !is_passed => {
                if let Some(node) = wheel.insert(now, now.saturating_add(1), Arc::clone(&entry)) {
                    entry.enter(now.saturating_add(1), node);
                }
            }
            Found::Nothing | Found::Waits(_) => {}
        }
    }
}
