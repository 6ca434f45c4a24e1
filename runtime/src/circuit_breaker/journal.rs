use std::{collections::VecDeque, time::Duration};

use super::{CircuitBreaker, State};
use crate::{
    clock::{self, Instant},
    observe::{self, Event},
};

/// Changes of state that nobody has been told of, in their order.
///
/// One thread at a time tells, under no lock; what happens meanwhile, and what a listener itself brings about, waits
/// its turn. So everybody hears the changes in the order in which they happened.
#[derive(Debug)]
pub(super) struct Journal {
    pending: VecDeque<(State, State)>,
    telling: bool,
    /// The latest changes, the oldest first.
    recent: VecDeque<Change>,
    /// How many of them are kept.
    keeps: usize,
    /// How often it has opened.
    opened: u64,
    /// When the state changed last.
    since: Instant,
    /// How long it has been in each of the [`REFUSING`] states before that.
    spent: [Duration; REFUSING.len()],
}

/// A change of a circuit breaker's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// When.
    pub at: Instant,
    /// The state it left.
    pub from: State,
    /// The state it went to.
    pub to: State,
}

/// How many changes a breaker keeps, unless it is one of very many.
pub(super) const KEEPS: usize = 32;

/// The states in which calls are refused, all or nearly all.
const REFUSING: [State; 3] = [State::Open, State::HalfOpen, State::ForcedOpen];

impl Journal {
    pub(super) const fn new(keeps: usize) -> Self {
        Self {
            pending: VecDeque::new(),
            recent: VecDeque::new(),
            keeps,
            telling: false,
            opened: 0,
            since: Instant::ZERO,
            spent: [Duration::ZERO; REFUSING.len()],
        }
    }

    pub(super) fn write(&mut self, from: State, to: State) {
        if from == to {
            return;
        }
        let now = clock::now();
        for (state, spent) in REFUSING.into_iter().zip(&mut self.spent) {
            if state == from {
                *spent = spent.saturating_add(now.saturating_since(self.since));
            }
        }
        self.since = now;
        self.opened += u64::from(to == State::Open);
        if self.keeps > 0 {
            if self.recent.len() >= self.keeps {
                self.recent.pop_front();
            }
            self.recent.push_back(Change { at: now, from, to });
        }
        self.pending.push_back((from, to));
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
    /// How often it has opened since the program started, after a failed probe as well as after being closed.
    pub fn opened_count(&self) -> u64 {
        self.locked().journal.opened
    }

    /// The latest changes of state, 32 at most, the oldest first. One of very many, such as the breaker of a key, keeps none.
    pub fn changes(&self) -> Vec<Change> {
        self.locked().journal.recent.iter().copied().collect()
    }

    /// How long it has been open, half-open or forced open since the program started, the present spell included. Zero for
    /// any other state.
    pub fn time_in(&self, state: State) -> Duration {
        let locked = self.locked();
        let (spent, since) = (locked.journal.spent, locked.journal.since);
        drop(locked);
        let Some((_, spent)) = REFUSING.into_iter().zip(spent).find(|(refusing, _)| *refusing == state)
        else {
            return Duration::ZERO;
        };
        let is_now = self.state() == state || self.observed_state() == state;
        if is_now { spent.saturating_add(clock::now().saturating_since(since)) } else { spent }
    }

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
