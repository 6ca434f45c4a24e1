//! The error that functions of every form here give.

use mainstay::Classify;

#[derive(Debug, Clone, PartialEq, Classify, thiserror::Error)]
pub(crate) enum Failure {
    #[error("connection reset")]
    #[transient]
    Reset,
    #[error("declined")]
    #[permanent]
    Declined,
    #[error("{0}")]
    #[permanent]
    Parse(#[from] std::num::ParseIntError),
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

pub(crate) type Answer<T = u32> = Result<T, Failure>;

/// Fails until it has been asked `n` times.
#[derive(Debug, Default)]
pub(crate) struct Flaky(std::sync::atomic::AtomicU32);

impl Flaky {
    pub(crate) fn until(&self, nth: u32) -> Answer {
        let asked = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        if asked < nth { Err(Failure::Reset) } else { Ok(asked) }
    }

    pub(crate) fn asked(&self) -> u32 {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

/// Runs sync code on a clock whose waits take no time.
pub(crate) fn at_once<T>(run: impl FnOnce() -> T) -> T {
    let clock = mainstay_testkit::ManualClock::new();
    let _installed = clock.install();
    run()
}
