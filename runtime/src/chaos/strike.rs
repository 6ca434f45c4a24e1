//! What becomes of a call is done here, sync and async.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use super::{Chaos, End, Fate, Fault};
use crate::{
    Error, Name,
    catalog::{Site, catalog},
    clock::{self, Delay},
    deadline,
    observe::{Event, report_if_heard},
    registry::Policy,
};

/// A call that fails on purpose.
#[derive(Debug)]
pub struct Failure {
    policy: Name,
    call: u64,
    given: Option<Error>,
}

impl Failure {
    /// What it fails with where nobody says otherwise.
    pub fn into_error(self) -> Error {
        self.given.unwrap_or_else(|| Error::injected(self.policy, self.call))
    }
}

impl Chaos {
    /// Does to this sync call what is to be done; a failure is what it answers with.
    #[doc(hidden)]
    #[cold]
    #[inline(never)]
    pub fn strike(&self) -> Option<Failure> {
        let (Fate { delay, end }, call) = self.decide()?;
        if !delay.is_zero() {
            self.tell(Fault::Latency, call);
            clock::sleep_blocking(delay);
        }
        match end {
            // Nothing could end a sync call that hangs.
            End::Hang | End::HangAtMost(_) => self.end(End::Fail(None), call),
            end => self.end(end, call),
        }
    }

    /// The same for an async call.
    #[doc(hidden)]
    #[cold]
    #[inline(never)]
    pub fn strike_async(&self) -> Strike<'_> {
        let blow = self.decide().map(|(Fate { delay, end }, call)| {
            let delay = (!delay.is_zero()).then(|| {
                self.tell(Fault::Latency, call);
                clock::sleep(delay)
            });
            Box::new(Blow { chaos: self, delay, end: Some(end), patience: None, call })
        });
        Strike(blow)
    }

    fn end(&self, end: End, call: u64) -> Option<Failure> {
        match end {
            End::Pass | End::Hang | End::HangAtMost(_) => None,
            End::Fail(given) => {
                self.tell(Fault::Error, call);
                Some(Failure { policy: self.shared_name().clone(), call, given })
            }
            End::Panic => {
                self.tell(Fault::Panic, call);
                blow_up(self.name(), call)
            }
        }
    }

    fn tell(&self, fault: Fault, call: u64) {
        self.count(fault);
        report_if_heard(|| Event::Injected { policy: self.name(), fault, call });
    }
}

#[allow(clippy::panic, reason = "whoever switched this on asked for it")]
fn blow_up(policy: &str, call: u64) -> ! {
    panic!("chaos `{policy}` made call {call} panic")
}

#[allow(clippy::panic, reason = "whoever let it hang asked for an end")]
fn never_ended(policy: &str, call: u64) -> ! {
    let stands_on = |site: &&&Site| {
        site.stack()
            .iter()
            .any(|layer| layer.attribute() == Chaos::ATTRIBUTE && layer.policy() == Some(policy))
    };
    let functions: Vec<_> = catalog().sites().iter().filter(stands_on).map(ToString::to_string).collect();
    let of = if functions.is_empty() { String::new() } else { format!(" of {}", functions.join(" or ")) };
    panic!(
        "chaos `{policy}` let call {call}{of} hang, as the test wants it, and nothing ended it: there is no time limit around it. \
         Put `#[timeout(\"…\")]` above the `#[chaos]`, end the call in the test, as `tokio::time::timeout` does, or let it fail \
         instead"
    )
}

/// What becomes of an async call. One word: it lies in the futures of annotated functions, and almost always empty.
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited"]
pub struct Strike<'c>(Option<Box<Blow<'c>>>);

#[derive(Debug)]
struct Blow<'c> {
    chaos: &'c Chaos,
    delay: Option<Delay>,
    /// `None` once it never answers.
    end: Option<End>,
    /// How long it may do so.
    patience: Option<Delay>,
    call: u64,
}

impl Future for Strike<'_> {
    type Output = Option<Failure>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(blow) = &mut self.0 else { return Poll::Ready(None) };
        if let Some(delay) = &mut blow.delay {
            ready!(Pin::new(delay).poll(cx));
            blow.delay = None;
        }
        if let Some(patience) = &mut blow.patience {
            ready!(Pin::new(patience).poll(cx));
            never_ended(blow.chaos.name(), blow.call);
        }
        match blow.end.take() {
            None => Poll::Pending,
            Some(End::HangAtMost(patience)) => {
                blow.chaos.tell(Fault::Drop, blow.call);
                let limit = deadline::remaining().unwrap_or_default();
                blow.patience = Some(clock::sleep(limit.saturating_add(patience)));
                self.poll(cx)
            }
            Some(End::Hang) => {
                blow.chaos.tell(Fault::Drop, blow.call);
                Poll::Pending
            }
            Some(end) => Poll::Ready(blow.chaos.end(end, blow.call)),
        }
    }
}
