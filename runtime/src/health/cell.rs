//! One answer, asked for by many: kept for a while, asked for once at a time. It knows no clock: the time comes in.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use super::{Health, HealthStatus};
use crate::clock::Instant;

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Done {
    pub(super) health: Health,
    pub(super) at: Instant,
    pub(super) took: Duration,
}

/// What asking comes to.
#[derive(Debug, PartialEq)]
pub(super) enum Begun {
    /// There is an answer that is young enough, or one that can be given at once.
    Known,
    /// Somebody asks already: it is to end by then.
    Joined(Instant),
    /// The caller has to run it; it is to end by then.
    Run(Instant),
}

/// What is known at some time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) health: Health,
    /// How long the run took, or takes already.
    pub(super) took: Duration,
    /// How long ago it ended.
    pub(super) age: Duration,
    /// It has never answered, and its time is not over: nothing is wrong yet.
    pub(super) is_pending: bool,
}

#[derive(Debug, Default)]
pub(super) struct Cell(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: Option<Done>,
    /// When the run that goes on was started.
    running: Option<Instant>,
    waiting: Vec<Waker>,
    /// What was told to the log last.
    told: Option<HealthStatus>,
}

impl Cell {
    fn locked(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for an answer that is no older than `kept`. A run that goes on is not started again on top of itself, however
    /// long it takes.
    pub(super) fn begin(&self, now: Instant, kept: Duration, limit: Duration) -> Begun {
        let mut state = self.locked();
        if let Some(since) = state.running {
            let end = since + limit;
            return if end > now { Begun::Joined(end) } else { Begun::Known };
        }
        if let Some(done) = &state.last
            && now < done.at + kept
        {
            return Begun::Known;
        }
        state.running = Some(now);
        Begun::Run(now + limit)
    }

    /// The run is over.
    pub(super) fn end(&self, done: Done) {
        let waiting = {
            let mut state = self.locked();
            state.running = None;
            state.last = Some(done);
            std::mem::take(&mut state.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Ready while nothing runs.
    pub(super) fn poll_ended(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.locked();
        if state.running.is_none() {
            return Poll::Ready(());
        }
        if !state.waiting.iter().any(|known| known.will_wake(cx.waker())) {
            state.waiting.push(cx.waker().clone());
        }
        Poll::Pending
    }

    /// What can be said now; `None` if nobody has ever asked.
    ///
    /// Who waited for a run until it had to end says that it `gave_up`.
    pub(super) fn seen(&self, now: Instant, limit: Duration, gave_up: bool) -> Option<Seen> {
        let state = self.locked();
        let last = || {
            state.last.as_ref().map(|done| Seen {
                health: done.health.clone(),
                took: done.took,
                age: now.saturating_since(done.at),
                is_pending: false,
            })
        };
        let Some(since) = state.running else { return last() };
        let took = now.saturating_since(since);
        let without_answer = |reason: String, is_pending| Seen {
            health: Health::unhealthy(reason),
            took,
            age: Duration::ZERO,
            is_pending,
        };
        if took >= limit.saturating_mul(2) {
            let reason = format!("blocks its thread: it runs for {took:.0?} now, and its limit is {limit:?}");
            return Some(without_answer(reason, false));
        }
        if gave_up || took >= limit {
            return Some(without_answer(no_answer(limit), false));
        }
        last().or_else(|| {
            Some(without_answer(format!("has not answered yet, after {took:.0?} of {limit:?}"), true))
        })
    }

    /// Whether the log does not know of `status` yet. The first that all is well is no news.
    pub(super) fn is_news(&self, status: HealthStatus) -> bool {
        let before = self.locked().told.replace(status);
        before.unwrap_or_default() != status
    }

    /// What was answered last.
    pub(super) fn last(&self) -> Option<Done> {
        self.locked().last.clone()
    }
}

pub(super) fn no_answer(limit: Duration) -> String {
    format!("did not answer within {limit:?}")
}
