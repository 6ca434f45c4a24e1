//! A timer for futures that run outside a tokio runtime: one thread, started at first use.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex, OnceLock, PoisonError},
    task::Waker,
};

use super::{Instant, source};

type Key = (Instant, u64);

#[derive(Default)]
struct Timer {
    waits: Mutex<Waits>,
    changed: Condvar,
}

#[derive(Default)]
struct Waits {
    by_time: BTreeMap<Key, Waker>,
    next_id: u64,
    running: bool,
}

fn timer() -> &'static Timer {
    static TIMER: OnceLock<Timer> = OnceLock::new();
    TIMER.get_or_init(Timer::default)
}

/// One registered wait; dropping it takes it back.
#[derive(Debug)]
pub(super) struct Wait(Key);

impl Wait {
    /// Wakes `waker` at `at`, or after up to a minute where no thread can be had.
    pub(super) fn new(at: Instant, waker: &Waker) -> Self {
        let timer = timer();
        let mut waits = timer.waits.lock().unwrap_or_else(PoisonError::into_inner);
        waits.next_id += 1;
        let key = (at, waits.next_id);
        waits.by_time.insert(key, waker.clone());
        if !waits.running {
            waits.running = std::thread::Builder::new().name("mainstay-timer".into()).spawn(run).is_ok();
        }
        timer.changed.notify_one();
        Self(key)
    }

    /// Wakes `waker` instead of the one given before.
    pub(super) fn rewake(&self, waker: &Waker) {
        let mut waker = waker.clone();
        let mut waits = timer().waits.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = waits.by_time.get_mut(&self.0) {
            std::mem::swap(known, &mut waker);
        }
        // The one given before goes under no lock: its task may go with it, and that task's waits.
        drop(waits);
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let waker = timer().waits.lock().unwrap_or_else(PoisonError::into_inner).by_time.remove(&self.0);
        drop(waker);
    }
}

fn run() {
    let timer = timer();
    let mut waits = timer.waits.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let now = source::now();
        let first = waits.by_time.first_key_value().map(|((at, _), _)| *at);
        waits = match first {
            Some(at) if at <= now => {
                let due = waits.by_time.pop_first();
                drop(waits);
                if let Some((_, waker)) = due {
                    waker.wake();
                }
                timer.waits.lock().unwrap_or_else(PoisonError::into_inner)
            }
            Some(at) => {
                let pause = at.saturating_since(now);
                timer.changed.wait_timeout(waits, pause).unwrap_or_else(PoisonError::into_inner).0
            }
            None => timer.changed.wait(waits).unwrap_or_else(PoisonError::into_inner),
        };
    }
}
