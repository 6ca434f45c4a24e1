//! Where the exporter's thread is woken, asked and waited for.

use std::{
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

#[derive(Default)]
pub(super) struct Desk {
    /// With how many in the queue it is time to send.
    batch: AtomicU64,
    /// Whether the thread has been told so since it last looked.
    is_told: AtomicBool,
    notes: Mutex<Notes>,
    /// For the exporter's thread.
    work: Condvar,
    /// For those who wait for it.
    done: Condvar,
}

#[derive(Default)]
struct Notes {
    is_running: bool,
    is_due: bool,
    /// How many times it was asked to send everything, and up to which of these it has.
    asked: u64,
    answered: u64,
    /// When all must be over.
    end: Option<Instant>,
    /// Nobody waits for it any more.
    is_abandoned: bool,
    exported: u64,
    failed: u64,
}

/// What the exporter's thread is to do next.
pub(super) struct Task {
    /// The last request that is answered by sending all that is there.
    pub(super) asked: u64,
    pub(super) is_asked: bool,
    /// When all must be over, if this is the last task.
    pub(super) end: Option<Instant>,
}

impl Desk {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the place of the one thread; `false` if somebody has it.
    pub(super) fn begin(&self) -> bool {
        let mut notes = self.notes();
        if notes.is_running {
            return false;
        }
        let (asked, answered) = (notes.asked, notes.asked);
        *notes = Notes { is_running: true, asked, answered, ..Notes::default() };
        true
    }

    pub(super) fn batch(&self, batch: usize) {
        self.batch.store(batch as u64, Ordering::Relaxed);
    }

    /// Wakes the thread if so many are enough for a batch.
    pub(super) fn used(&self, used: u64) {
        if used >= self.batch.load(Ordering::Relaxed) && !self.is_told.swap(true, Ordering::AcqRel) {
            self.notes().is_due = true;
            self.work.notify_one();
        }
    }

    /// Waits for something to do, `delay` at most.
    pub(super) fn next(&self, delay: Duration) -> Task {
        let idle = |notes: &mut Notes| !notes.is_due && notes.asked == notes.answered && notes.end.is_none();
        let waited = self.work.wait_timeout_while(self.notes(), delay, idle);
        let (mut notes, _) = waited.unwrap_or_else(PoisonError::into_inner);
        notes.is_due = false;
        self.is_told.store(false, Ordering::Release);
        Task { asked: notes.asked, is_asked: notes.asked != notes.answered, end: notes.end }
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.notes().is_abandoned
    }

    /// What became of a batch.
    pub(super) fn sent(&self, exported: u64, failed: u64) {
        let mut notes = self.notes();
        notes.exported += exported;
        notes.failed += failed;
    }

    pub(super) fn counts(&self) -> (u64, u64) {
        let notes = self.notes();
        (notes.exported, notes.failed)
    }

    /// All requests up to that one are answered.
    pub(super) fn answer(&self, asked: u64) {
        self.notes().answered = asked;
        self.done.notify_all();
    }

    /// The thread has come to its end.
    pub(super) fn ended(&self) {
        let mut notes = self.notes();
        notes.is_running = false;
        notes.answered = notes.asked;
        self.done.notify_all();
    }

    /// Asks for everything to be sent and waits for it; whether it was in time.
    pub(super) fn flush(&self, deadline: Duration) -> bool {
        let mut notes = self.notes();
        notes.asked += 1;
        let own = notes.asked;
        self.work.notify_one();
        let waited = self.done.wait_timeout_while(notes, deadline, |notes| notes.answered < own);
        let (notes, _) = waited.unwrap_or_else(PoisonError::into_inner);
        notes.answered >= own
    }

    /// Asks the thread to end and waits for it; whether it was in time. If not, it is on its own.
    pub(super) fn end(&self, deadline: Duration) -> bool {
        let mut notes = self.notes();
        let now = Instant::now();
        notes.end = Some(now.checked_add(deadline).unwrap_or(now));
        self.work.notify_one();
        let waited = self.done.wait_timeout_while(notes, deadline, |notes| notes.is_running);
        let (mut notes, _) = waited.unwrap_or_else(PoisonError::into_inner);
        notes.is_abandoned = notes.is_running;
        !notes.is_running
    }
}
