use std::{future::Future, task::Poll, time::Duration};

use mainstay::{Error, Kind};
use mainstay_testkit::{Probe, Stepper};
use tokio::sync::Semaphore;

pub(crate) type Answer = Result<(), Error>;

pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A body that is held inside until the test lets it go.
pub(crate) struct Gate {
    pub(crate) probe: Probe,
    open: Semaphore,
}

impl Gate {
    pub(crate) fn shut() -> Self {
        Self { probe: Probe::new(), open: Semaphore::new(0) }
    }

    /// What an annotated function does inside.
    pub(crate) async fn pass(&self) -> Answer {
        let through = async { self.open.acquire().await.map(|permit| permit.forget()) };
        self.probe.watch(through).await.map_err(|_| Error::timed_out("the gate was dropped", ms(0)))
    }

    /// Lets so many out.
    pub(crate) fn let_out(&self, calls: usize) {
        self.open.add_permits(calls);
    }
}

/// Polls a call once: `-` for one that is inside or waits, `S` for one that is done, `X` for one that was refused, `T`
/// for one whose time was up.
pub(crate) fn step<F: Future<Output = Answer>>(call: &mut Stepper<F>) -> char {
    match call.poll() {
        Poll::Pending => '-',
        Poll::Ready(answer) => letter(&answer),
    }
}

pub(crate) fn letter(answer: &Answer) -> char {
    match answer {
        Ok(()) => 'S',
        Err(error) if error.kind() == Kind::BulkheadFull => 'X',
        Err(error) if error.kind() == Kind::TimedOut => 'T',
        Err(error) => panic!("{error}"),
    }
}

/// The same for many, in their order.
pub(crate) fn steps<F: Future<Output = Answer>>(calls: &mut [Stepper<F>]) -> String {
    calls.iter_mut().map(step).collect()
}

/// So many calls, none of them begun.
pub(crate) fn many<F: Future<Output = Answer>>(count: usize, call: impl Fn() -> F) -> Vec<Stepper<F>> {
    (0..count).map(|_| Stepper::new(call())).collect()
}
