//! The threads on which checks run: as many as there are checks that run at the same time. None of them belongs to a
//! runtime, so that a check which blocks its thread blocks nothing else.

use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

type Job = Box<dyn FnOnce() + Send>;

/// How long a thread without work stays: longer than the time between two probes.
const IDLE: Duration = Duration::from_secs(40);

#[derive(Default)]
struct Jobs {
    waiting: VecDeque<Job>,
    /// Threads that wait for a job and for which none was left yet.
    idle: usize,
}

static JOBS: Mutex<Jobs> = Mutex::new(Jobs { waiting: VecDeque::new(), idle: 0 });
static CHANGED: Condvar = Condvar::new();

/// Runs `job` on a thread that does nothing else meanwhile.
///
/// # Errors
/// The operating system gives no thread. The job is dropped.
pub(super) fn run(job: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let job: Job = Box::new(job);
    let mut jobs = JOBS.lock().unwrap_or_else(PoisonError::into_inner);
    if jobs.idle > 0 {
        jobs.idle -= 1;
        jobs.waiting.push_back(job);
        drop(jobs);
        CHANGED.notify_one();
        return Ok(());
    }
    drop(jobs);
    std::thread::Builder::new().name("mainstay-check".into()).spawn(move || work(job)).map(drop)
}

fn work(first: Job) {
    let mut next = Some(first);
    while let Some(job) = next {
        // What runs here catches its own panics; a panicking drop must not end the thread either.
        let _ = catch_unwind(AssertUnwindSafe(job));
        next = wait();
    }
}

fn wait() -> Option<Job> {
    let mut jobs = JOBS.lock().unwrap_or_else(PoisonError::into_inner);
    jobs.idle += 1;
    loop {
        if let Some(job) = jobs.waiting.pop_front() {
            return Some(job);
        }
        let (woken, timeout) = CHANGED.wait_timeout(jobs, IDLE).unwrap_or_else(PoisonError::into_inner);
        jobs = woken;
        if timeout.timed_out() && jobs.waiting.is_empty() {
            jobs.idle -= 1;
            return None;
        }
    }
}
