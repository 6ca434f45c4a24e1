//! A dependency that answers as told and remembers when it was called.

use std::{sync::Mutex, time::Duration};

use mainstay::{
    Classify,
    clock::{self, Instant},
};
use mainstay_testkit::{ManualClock, Script, Step};

#[derive(Debug, Clone, PartialEq, Classify, thiserror::Error)]
pub(crate) enum Failure {
    #[error("connection reset")]
    #[transient]
    Reset,
    #[error("declined")]
    #[permanent]
    Declined,
    #[error("busy")]
    #[throttled(retry_after = after)]
    Busy { after: Duration },
    #[error("not for us")]
    #[ignored]
    Skipped,
    #[error("status {0}")]
    #[transient]
    Status(u16),
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

pub(crate) type Answer = Result<u32, Failure>;

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) struct Upstream {
    script: Script<u32, Failure>,
    called: Mutex<Vec<Instant>>,
}

impl Upstream {
    pub(crate) fn new(script: Script<u32, Failure>) -> Self {
        Self { script, called: Mutex::default() }
    }

    /// Fails at every call.
    pub(crate) fn down() -> Self {
        Self::always(Failure::Reset)
    }

    /// Fails at every call with `failure`.
    pub(crate) fn always(failure: Failure) -> Self {
        Self::new(Script::always(Step::fail(failure)))
    }

    /// Fails with these, then answers 7.
    pub(crate) fn failing(failures: impl IntoIterator<Item = Failure>) -> Self {
        let steps = failures.into_iter().fold(Script::steps(), |steps, failure| steps.fail(failure));
        Self::new(steps.forever(Step::ok(7)))
    }

    pub(crate) async fn ask(&self) -> Answer {
        self.note();
        self.script.run_async().await
    }

    pub(crate) fn ask_sync(&self) -> Answer {
        self.note();
        self.script.run()
    }

    fn note(&self) {
        self.called.lock().unwrap().push(clock::now());
    }

    pub(crate) fn calls(&self) -> usize {
        self.called.lock().unwrap().len()
    }

    /// The time from the start of each call to the start of the next.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        let called = self.called.lock().unwrap();
        called.windows(2).map(|pair| pair[1].saturating_since(pair[0])).collect()
    }
}

/// What came of one call of an annotated function.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) answer: Answer,
    pub(crate) calls: usize,
    pub(crate) waits: Vec<Duration>,
    pub(crate) took: Duration,
}

impl Seen {
    fn new(upstream: &Upstream, answer: Answer, start: Instant) -> Self {
        let took = clock::now().saturating_since(start);
        Self { answer, calls: upstream.calls(), waits: upstream.waits(), took }
    }
}

/// Runs a future on a paused clock of its own.
pub(crate) fn paused<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(future)
}

/// Runs sync code on a manual clock of its own.
pub(crate) fn manual<T>(run: impl FnOnce() -> T) -> T {
    let clock = ManualClock::new();
    let _installed = clock.install();
    run()
}

/// Calls both twins of a function once, each against its own `upstream`: they answer alike after as many calls.
pub(crate) fn seen(
    upstream: impl Fn() -> Upstream,
    twin: impl AsyncFn(&Upstream) -> Answer,
    sync_twin: impl Fn(&Upstream) -> Answer,
) -> Seen {
    let (later, at_once) = both(upstream, twin, sync_twin);
    assert_eq!((&later.answer, later.calls), (&at_once.answer, at_once.calls), "async and sync differ");
    later
}

/// The same for functions without jitter: they also wait alike.
pub(crate) fn seen_exactly(
    upstream: impl Fn() -> Upstream,
    twin: impl AsyncFn(&Upstream) -> Answer,
    sync_twin: impl Fn(&Upstream) -> Answer,
) -> Seen {
    let (later, at_once) = both(upstream, twin, sync_twin);
    assert_eq!(later, at_once, "async and sync differ");
    later
}

fn both(
    upstream: impl Fn() -> Upstream,
    twin: impl AsyncFn(&Upstream) -> Answer,
    sync_twin: impl Fn(&Upstream) -> Answer,
) -> (Seen, Seen) {
    let later = paused(async {
        let (upstream, start) = (upstream(), clock::now());
        let answer = twin(&upstream).await;
        Seen::new(&upstream, answer, start)
    });
    let at_once = manual(|| {
        let (upstream, start) = (upstream(), clock::now());
        let answer = sync_twin(&upstream);
        Seen::new(&upstream, answer, start)
    });
    (later, at_once)
}

/// The waits between the attempts of both twins against a dependency that is down.
pub(crate) fn waits(
    twin: impl AsyncFn(&Upstream) -> Answer,
    sync_twin: impl Fn(&Upstream) -> Answer,
) -> Vec<Duration> {
    seen_exactly(Upstream::down, twin, sync_twin).waits
}
