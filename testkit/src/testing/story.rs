use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use mainstay_runtime::{
    Kind,
    circuit_breaker::State,
    clock::{self, Instant},
    observe::Event,
};

use crate::recorder::render;

/// What kind of thing happened, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Retried { first: bool },
    Exhausted,
    Refused(Kind),
    FellBack,
    Replayed,
    Opened,
    Hedged,
    OutOfBudget,
    Injected,
    Other,
}

/// One thing that happened in a scope.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// When, counted from the scope's beginning, on the policies' clock.
    pub after: Duration,
    /// The policy.
    pub policy: String,
    /// What, in the words of [`Recorder`](crate::Recorder).
    pub text: String,
    pub(super) what: What,
}

/// What happened in a scope, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Story(pub(super) Vec<Happened>);

impl Story {
    /// What happened.
    pub fn events(&self) -> &[Happened] {
        &self.0
    }

    /// What the policies of that name did.
    pub fn of(&self, policy: &str) -> Vec<&str> {
        self.0.iter().filter(|event| event.policy == policy).map(|event| &*event.text).collect()
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("    nothing\n");
        }
        let widest = self.0.iter().map(|event| event.policy.len()).max().unwrap_or_default();
        for Happened { after, policy, text, .. } in &self.0 {
            writeln!(f, "    {:>10}  {policy:widest$}  {text}", format!("{after:?}"))?;
        }
        Ok(())
    }
}

/// Where it is written down.
#[derive(Clone)]
pub(super) struct Book {
    start: Instant,
    story: Arc<Mutex<Story>>,
}

impl Book {
    pub(super) fn new() -> Self {
        Self { start: clock::now(), story: Arc::default() }
    }

    fn story(&self) -> MutexGuard<'_, Story> {
        self.story.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self, event: &Event<'_>) {
        let happened = Happened {
            after: self.elapsed(),
            policy: event.policy().to_owned(),
            text: render(event),
            what: what(event),
        };
        self.story().0.push(happened);
    }

    pub(super) fn elapsed(&self) -> Duration {
        clock::now().saturating_since(self.start)
    }

    pub(super) fn read(&self) -> Story {
        self.story().clone()
    }

    pub(super) fn clear(&self) {
        self.story().0.clear();
    }
}

fn what(event: &Event<'_>) -> What {
    match event {
        Event::Retry { attempt, .. } => What::Retried { first: *attempt == 1 },
        Event::RetriesExhausted { .. } => What::Exhausted,
        Event::Refused { error, .. } => What::Refused(error.kind()),
        Event::FellBack { .. } => What::FellBack,
        Event::Replayed { .. } => What::Replayed,
        Event::StateChanged { to: State::Open, .. } => What::Opened,
        Event::Hedged { .. } => What::Hedged,
        Event::OutOfBudget { .. } => What::OutOfBudget,
        Event::Injected { .. } => What::Injected,
        _ => What::Other,
    }
}
