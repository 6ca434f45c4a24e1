//! What the waits of policies wait on inside a scope.

use std::time::Duration;

use mainstay_runtime::clock::{self, Installed, ManualClock, Serving};
use tokio::runtime::{Handle, RuntimeFlavor};

/// What makes the time of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Time {
    /// The paused clock of the tokio runtime: it jumps to the next timer when nothing can run. The program's own timers follow
    /// it too. Where it was not paused from the start (`#[tokio::test(start_paused = true)]`), a wait ends up to a millisecond
    /// after its time, as tokio's timers do.
    Paused,
    /// A [`ManualClock`] that moves by itself, outside of tokio. The policies follow it, and nothing else.
    Automatic,
    /// The clock that the test had installed before.
    Given,
    /// Real time: a runtime of several threads cannot be paused.
    Real,
}

/// Time made to cost nothing, until it is dropped.
pub(super) struct Hurried {
    pub(super) time: Time,
    /// Whether the pause is ours to end.
    resumes: bool,
    clock: Option<ManualClock>,
    // Dropped with it.
    _installed: Option<Installed>,
    _serving: Option<Serving>,
}

impl Hurried {
    pub(super) fn start() -> Self {
        let mut hurried =
            Self { time: Time::Real, resumes: false, clock: None, _installed: None, _serving: None };
        if ManualClock::current().is_some() {
            hurried.time = Time::Given;
            return hurried;
        }
        match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
            Err(_) => {
                let clock = ManualClock::automatic();
                hurried._installed = Some(clock.install());
                hurried.clock = Some(clock);
                hurried.time = Time::Automatic;
            }
            Ok(RuntimeFlavor::CurrentThread) => {
                hurried.resumes = !is_paused();
                if hurried.resumes {
                    tokio::time::pause();
                }
                hurried._serving = Some(clock::serve_blocking_waits(jump));
                hurried.time = Time::Paused;
            }
            Ok(_) => {}
        }
        hurried
    }

    /// The clock that other threads of the scope follow.
    pub(super) fn clock(&self) -> Option<&ManualClock> {
        self.clock.as_ref()
    }
}

impl Drop for Hurried {
    fn drop(&mut self) {
        // Outside of the runtime its clock cannot be reached, and ends with it.
        if self.resumes && Handle::try_current().is_ok() && is_paused() {
            tokio::time::resume();
        }
    }
}

/// tokio does not tell. A clock that stands still while the machine's goes on is paused.
fn is_paused() -> bool {
    let (real, tokios) = (std::time::Instant::now(), tokio::time::Instant::now());
    while real.elapsed() < Duration::from_micros(2) {
        std::hint::spin_loop();
    }
    tokio::time::Instant::now() == tokios
}

/// Moves the paused clock from sync code, in which nothing of the runtime could run anyway.
fn jump(by: Duration) {
    // It moves with the first poll, and then only lets others have a turn.
    let mut advance = Box::pin(tokio::time::advance(by));
    let _ = crate::poll_once(&mut advance);
}
