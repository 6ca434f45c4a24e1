//! A dependency that answers each attempt as told and knows which are still running.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use mainstay::{Classify, clock};

#[derive(Debug, Clone, PartialEq, Classify, thiserror::Error)]
pub(crate) enum Failure {
    #[error("attempt {0} was reset")]
    #[transient]
    Reset(u32),
    #[error("attempt {0} was declined")]
    #[permanent]
    Declined(u32),
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

pub(crate) type Answer = Result<u32, Failure>;

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// How many milliseconds an attempt takes, and how it ends.
pub(crate) type Takes = (u64, fn(u32) -> Answer);

/// What each attempt does, in the order in which they begin; the last goes on for all that follow.
pub(crate) struct Upstream {
    steps: Vec<Takes>,
    begun: AtomicU32,
    running: AtomicU32,
    /// When they began, since the first.
    pub(crate) begins: Mutex<Vec<clock::Instant>>,
}

impl Upstream {
    pub(crate) fn new(steps: &[Takes]) -> Self {
        Self {
            steps: steps.to_vec(),
            begun: AtomicU32::new(0),
            running: AtomicU32::new(0),
            begins: Mutex::default(),
        }
    }

    /// The answer of an attempt is its number, the first being 0.
    pub(crate) async fn ask(&self) -> Answer {
        let number = self.begun.fetch_add(1, Relaxed);
        self.begins.lock().unwrap().push(clock::now());
        let (takes, answer) = self.steps[(number as usize).min(self.steps.len() - 1)];
        let _running = Running::new(&self.running);
        clock::sleep(ms(takes)).await;
        answer(number)
    }

    pub(crate) fn begun(&self) -> u32 {
        self.begun.load(Relaxed)
    }

    /// How many run that have not ended and were not dropped.
    pub(crate) fn running(&self) -> u32 {
        self.running.load(Relaxed)
    }

    /// The milliseconds between the beginnings.
    pub(crate) fn pauses(&self) -> Vec<u128> {
        let begins = self.begins.lock().unwrap();
        begins.windows(2).map(|two| two[1].saturating_since(two[0]).as_millis()).collect()
    }
}

struct Running<'a>(&'a AtomicU32);

impl<'a> Running<'a> {
    fn new(running: &'a AtomicU32) -> Self {
        running.fetch_add(1, Relaxed);
        Self(running)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

pub(crate) fn ok(number: u32) -> Answer {
    Ok(number)
}

pub(crate) fn reset(number: u32) -> Answer {
    Err(Failure::Reset(number))
}

pub(crate) fn declined(number: u32) -> Answer {
    Err(Failure::Declined(number))
}
