use std::collections::VecDeque;

use super::{CircuitBreaker, State};
use crate::observe::{self, Event};

/// Changes of state that nobody has been told of, in their order.
///
/// One thread at a time tells, under no lock; what happens meanwhile, and what a listener itself brings about, waits
/// its turn. So everybody hears the changes in the order in which they happened.
#[derive(Debug)]
pub(super) struct Journal {
    pending: VecDeque<(State, State)>,
    telling: bool,
}

impl Journal {
    pub(super) const fn new() -> Self {
        Self { pending: VecDeque::new(), telling: false }
    }

    pub(super) fn write(&mut self, from: State, to: State) {
        if from != to {
            self.pending.push_back((from, to));
        }
    }

    fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.telling, true)
    }

    fn next(&mut self) -> Option<(State, State)> {
        let next = self.pending.pop_front();
        self.telling = next.is_some();
        next
    }
}

impl CircuitBreaker {
    /// Reports what the journal holds, unless another thread is at it.
    #[cold]
    pub(super) fn tell(&self) {
        if !self.locked().journal.begin() {
            return;
        }
        let mut telling = Telling { breaker: self, done: false };
        loop {
            let next = self.locked().journal.next();
            let Some((from, to)) = next else {
                telling.done = true;
                return;
            };
            observe::report(&Event::StateChanged { policy: self.name(), from, to });
        }
    }
}

/// Lets others tell when a log subscriber panics.
struct Telling<'a> {
    breaker: &'a CircuitBreaker,
    done: bool,
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.breaker.locked().journal.telling = false;
        }
    }
}
