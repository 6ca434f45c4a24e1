use std::{
    cell::Cell,
    io::Write,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, PoisonError, atomic::Ordering::Relaxed},
    thread,
    time::Duration,
};

use super::{
    Lines, Output,
    queue::{Shared, State},
};

/// How often a thread with nothing to write looks whether something else is due.
const TICK: Duration = Duration::from_millis(500);

thread_local! {
    static IS_WRITING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread writes lines: what a writer of the user's logs then is not logged, because it would never end.
pub(crate) fn is_writing() -> bool {
    IS_WRITING.get()
}

type Tick = Option<Box<dyn Fn() + Send>>;

/// Starts the thread. Where none can be had, lines are written by who logs them.
pub(super) fn start(shared: &Arc<Shared>, place: Box<dyn Output>, tick: Tick) {
    // The place must not go down with a thread that never came to be.
    shared.lock().place = Some(place);
    let writer = Arc::clone(shared);
    let started = thread::Builder::new().name("mainstay-log".into()).spawn(move || {
        let place = writer.lock().place.take();
        if let Some(place) = place {
            run(&writer, place, &tick);
        }
    });
    if started.is_err() {
        shared.lock().is_ended = true;
    }
}

fn run(shared: &Shared, mut place: Box<dyn Output>, tick: &Tick) {
    let mut lines = Lines::default();
    let mut state = shared.lock();
    loop {
        if state.pending.is_empty() && state.untold == 0 {
            if state.is_closed {
                state.place = Some(place);
                state.is_ended = true;
                drop(state);
                return shared.drained.notify_all();
            }
            state.is_idle = true;
            state = match tick {
                Some(_) => shared.filled.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0,
                None => shared.filled.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
            state.is_idle = false;
        }
        let State { pending, untold, taken, .. } = &mut *state;
        mem::swap(&mut lines, pending);
        let untold = mem::take(untold);
        *taken = lines.len() as u64;
        drop(state);
        // There is room again, and those who wait for it need not wait for the disk too.
        shared.drained.notify_all();
        let failed = write(shared, &mut *place, &lines, untold);
        if let Some(tick) = tick {
            tick();
        }
        state = shared.lock();
        state.done += mem::take(&mut state.taken);
        // Told when something can be written again, not over and over to a place that fails.
        state.untold += failed;
        let is_stuck = failed > 0 && state.pending.is_empty();
        lines.clear();
        shared.drained.notify_all();
        if is_stuck && state.is_closed {
            state.untold = 0;
        } else if is_stuck {
            state = shared.filled.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// Writes lines, and before them how many were lost. How many are to be told of later.
pub(super) fn write(shared: &Shared, place: &mut dyn Output, lines: &Lines, untold: u64) -> u64 {
    IS_WRITING.set(true);
    let written = catch_unwind(AssertUnwindSafe(|| write_lines(shared, place, lines, untold)));
    IS_WRITING.set(false);
    // A writer of the user's panicked.
    written.unwrap_or_else(|_| {
        shared.lose(lines.len() as u64);
        lines.len() as u64 + untold
    })
}

fn write_lines(shared: &Shared, place: &mut dyn Output, lines: &Lines, untold: u64) -> u64 {
    let mut unreported = 0;
    if untold > 0 {
        let mut report = Lines::default();
        report.push(&(shared.report)(untold));
        unreported = if place.write(&report).is_ok() { 0 } else { untold };
    }
    if lines.is_empty() {
        return unreported;
    }
    let failed = match place.write(lines) {
        Ok(()) => 0,
        Err((failed, error)) => {
            shared.lose(failed);
            // Once for each time that it begins: the last resort of who has no other place.
            if unreported == 0 {
                let _ = writeln!(std::io::stderr(), "mainstay: {failed} log lines were not written: {error}");
            }
            failed
        }
    };
    shared.written.fetch_add((lines.len() as u64).saturating_sub(failed), Relaxed);
    unreported + failed
}
