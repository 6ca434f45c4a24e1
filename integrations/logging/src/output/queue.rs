use std::{
    fmt,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use super::{Lines, Output, writer};

/// What is done with a line for which there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// It is lost, and counted.
    Lose,
    /// Its writer waits.
    Wait,
}

/// Lines on their way to a place, of a bounded number of bytes.
#[derive(Clone)]
pub(crate) struct Queue(pub(super) Arc<Shared>);

pub(super) struct Shared {
    pub(super) state: Mutex<State>,
    /// There is something to write, or no more will come.
    pub(super) filled: Condvar,
    /// Something has been written.
    pub(super) drained: Condvar,
    capacity: usize,
    lost: AtomicU64,
    pub(super) written: AtomicU64,
    /// Says in the place's own format how many lines were lost.
    pub(super) report: Box<dyn Fn(u64) -> String + Send + Sync>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) pending: Lines,
    /// Lost, and not yet told in the place itself.
    pub(super) untold: u64,
    /// How many the thread has taken and not yet written.
    pub(super) taken: u64,
    /// How many the thread is done with, written or not.
    pub(super) done: u64,
    pub(super) is_idle: bool,
    pub(super) is_closed: bool,
    /// No thread writes any more, or none ever did.
    pub(super) is_ended: bool,
    /// The place, unless a thread has it.
    pub(super) place: Option<Box<dyn Output>>,
}

impl Queue {
    /// A queue of `capacity` bytes before `place`. `tick` is called by its thread from time to time.
    pub(crate) fn new(
        place: Box<dyn Output>,
        capacity: usize,
        report: impl Fn(u64) -> String + Send + Sync + 'static,
        tick: Option<Box<dyn Fn() + Send>>,
    ) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            filled: Condvar::new(),
            drained: Condvar::new(),
            capacity,
            lost: AtomicU64::new(0),
            written: AtomicU64::new(0),
            report: Box::new(report),
        });
        writer::start(&shared, place, tick);
        Self(shared)
    }

    /// Takes a line. The last eighth of the room is for lines that are `important`.
    pub(crate) fn push(&self, line: &str, important: bool, full: Full) {
        let limit = if important { self.0.capacity } else { self.0.capacity - self.0.capacity / 8 };
        let mut state = self.0.lock();
        loop {
            if state.is_ended {
                state.pending.push(line);
                return self.0.write_here(state);
            }
            let used = state.pending.bytes.len();
            if used == 0 || used + line.len() <= limit {
                break;
            }
            // Closed, and still writing: nobody may wait for a thread that has been given up.
            if full == Full::Lose || state.is_closed {
                state.untold += 1;
                self.0.lost.fetch_add(1, Relaxed);
                return;
            }
            state = self.0.drained.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.pending.push(line);
        if std::mem::take(&mut state.is_idle) {
            drop(state);
            self.0.filled.notify_one();
        }
    }

    /// Waits until all is written that was pushed before, until `deadline` at most; whether it was.
    pub(crate) fn flush(&self, deadline: Instant) -> bool {
        let mut state = self.0.lock();
        let goal = state.done + state.pending.len() as u64 + state.taken;
        while state.done < goal && !state.is_ended {
            let left = deadline.saturating_duration_since(Instant::now());
            if left == Duration::ZERO {
                return false;
            }
            state = self.0.drained.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Ends the thread when all is written, and waits for that until `deadline`. Lines that come later are written by who
    /// logs them.
    pub(crate) fn close(&self, deadline: Instant) -> bool {
        let mut state = self.0.lock();
        state.is_closed = true;
        self.0.filled.notify_one();
        self.0.drained.notify_all();
        while !state.is_ended {
            let left = deadline.saturating_duration_since(Instant::now());
            if left == Duration::ZERO {
                return false;
            }
            state = self.0.drained.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// How many lines were lost so far.
    pub(crate) fn lost(&self) -> u64 {
        self.0.lost.load(Relaxed)
    }

    /// How many lines were written so far.
    pub(crate) fn written(&self) -> u64 {
        self.0.written.load(Relaxed)
    }

    /// How many lines wait.
    pub(crate) fn waiting(&self) -> u64 {
        let state = self.0.lock();
        state.pending.len() as u64 + state.taken
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn lose(&self, lines: u64) {
        self.lost.fetch_add(lines, Relaxed);
    }

    /// Writes what is pending on this thread, to a place that no thread writes to any more.
    pub(super) fn write_here(&self, mut state: MutexGuard<'_, State>) {
        let lines = std::mem::take(&mut state.pending);
        let untold = std::mem::take(&mut state.untold);
        if let Some(place) = &mut state.place {
            let failed = writer::write(self, &mut **place, &lines, untold);
            state.untold += failed;
        }
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("lost", &self.lost()).finish_non_exhaustive()
    }
}
