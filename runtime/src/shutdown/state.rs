//! The shutdown as a machine: what has happened goes in with its time, what is to be done comes out.

use std::time::Duration;

use super::{
    HandlerState, Order, Phase, Reason, ShutdownConfig, ShutdownError, Stage,
    entry::{Entry, Id},
    plan,
};
use crate::clock::Instant;

/// What the driver has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Take no new work.
    StopAccepting,
    /// End the work that is still in flight: its time is up.
    CancelWork,
    /// Begin this handler.
    Start(Id),
    /// Wait for this handler no longer, and end it if that can be done.
    GiveUp(Id),
    /// Send spans and logs.
    Flush,
    /// All is done.
    End,
}

/// What the driver sees when it asks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// Nothing is in flight.
    pub(super) is_idle: bool,
    /// Spans and logs are sent.
    pub(super) is_flushed: bool,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) config: ShutdownConfig,
    pub(super) stage: Stage,
    pub(super) stage_since: Instant,
    pub(super) begun: Option<(Instant, Reason)>,
    pub(super) ended: Option<Instant>,
    pub(super) handlers: Vec<Entry>,
    next_id: Id,
    /// Whether every name must be known from now on.
    pub(super) is_started: bool,
}

impl State {
    pub(super) fn new(config: ShutdownConfig) -> Self {
        Self {
            config,
            stage: Stage::Running,
            stage_since: Instant::ZERO,
            begun: None,
            ended: None,
            handlers: Vec::new(),
            next_id: 0,
            is_started: false,
        }
    }

    /// A number for one more handler.
    pub(super) fn new_id(&mut self) -> Id {
        self.next_id += 1;
        self.next_id
    }

    /// Takes one more handler.
    pub(super) fn register(&mut self, entry: Entry) -> Result<(), ShutdownError> {
        if self.is_past(entry.phase) {
            return Err(ShutdownError::TooLate { name: entry.name, phase: entry.phase });
        }
        plan::check_new(&self.handlers, &entry)?;
        let at = self.handlers.partition_point(|other| (other.phase, other.rank) < (entry.phase, entry.rank));
        let id = entry.id;
        self.handlers.insert(at, entry);
        if self.is_started {
            plan::check_known(&self.handlers)
                .inspect_err(|_| self.handlers.retain(|entry| entry.id != id))?;
        }
        Ok(())
    }

    /// Forgets a handler that has not begun; whether there was one.
    pub(super) fn remove(&mut self, id: Id) -> bool {
        let before = self.handlers.len();
        self.handlers.retain(|entry| entry.id != id || entry.state != HandlerState::Waiting);
        self.handlers.len() < before
    }

    /// From here on every name that a handler comes after must be known.
    pub(super) fn start(&mut self) -> Result<(), ShutdownError> {
        plan::check_known(&self.handlers)?;
        self.is_started = true;
        Ok(())
    }

    /// What the handlers ask for together, if that is more than there is for them.
    pub(super) fn overbooked(&self) -> Option<(Duration, Duration)> {
        let there = self.config.whole().saturating_sub(self.config.pre() + self.config.flush());
        let asked = self.handlers.iter().filter_map(|entry| entry.timeout);
        let asked = match self.config.in_order() {
            Order::OneByOne => asked.fold(Duration::ZERO, Duration::saturating_add),
            Order::SideBySide => asked.max().unwrap_or_default(),
        };
        (asked > there).then_some((asked, there))
    }

    fn is_past(&self, phase: Phase) -> bool {
        match self.stage {
            Stage::Running | Stage::PreDrain => false,
            Stage::Draining => phase == Phase::Announce,
            Stage::Handlers(current) => phase < current,
            Stage::Flushing | Stage::Ended => true,
        }
    }

    /// Begins the shutdown; whether it had not begun.
    pub(super) fn trigger(&mut self, now: Instant, reason: Reason) -> bool {
        let is_first = self.begun.is_none();
        if is_first {
            self.begun = Some((now, reason));
            self.to(Stage::PreDrain, now);
        }
        is_first
    }

    /// A handler has ended.
    pub(super) fn settle(&mut self, id: Id, now: Instant, state: HandlerState) -> Option<&Entry> {
        let entry = self.handlers.iter_mut().find(|entry| entry.id == id)?;
        if entry.state != HandlerState::Running {
            return None;
        }
        entry.state = state;
        entry.ended = Some(now);
        Some(entry)
    }

    pub(super) fn entry(&self, id: Id) -> Option<&Entry> {
        self.handlers.iter().find(|entry| entry.id == id)
    }

    /// Goes as far as it can.
    pub(super) fn advance(&mut self, now: Instant, seen: Seen) -> Vec<Action> {
        let mut actions = Vec::new();
        loop {
            let next = match self.stage {
                Stage::Running | Stage::Ended => return actions,
                Stage::PreDrain => {
                    self.step(Phase::Announce, now, &mut actions);
                    let is_over = now >= self.pre_drain_end() && self.is_settled(Phase::Announce);
                    is_over.then(|| {
                        actions.push(Action::StopAccepting);
                        Stage::Draining
                    })
                }
                Stage::Draining if seen.is_idle => Some(Stage::Handlers(Phase::Stop)),
                Stage::Draining => (now >= self.drain_end()).then(|| {
                    actions.push(Action::CancelWork);
                    Stage::Handlers(Phase::Stop)
                }),
                Stage::Handlers(phase) => {
                    self.step(phase, now, &mut actions);
                    self.is_settled(phase).then(|| match phase.next() {
                        Some(next) => Stage::Handlers(next),
                        None => {
                            actions.push(Action::Flush);
                            Stage::Flushing
                        }
                    })
                }
                Stage::Flushing => (seen.is_flushed || now >= self.flush_end()).then(|| {
                    actions.push(Action::End);
                    self.ended = Some(now);
                    Stage::Ended
                }),
            };
            match next {
                Some(stage) => self.to(stage, now),
                None => return actions,
            }
            if self.stage == Stage::Flushing || self.stage == Stage::Draining {
                // What was seen was seen before this stage began.
                return actions;
            }
        }
    }

    /// When [`advance`](Self::advance) has to be asked again though nothing happens.
    pub(super) fn deadline(&self, now: Instant) -> Instant {
        let running = self.handlers.iter().filter(|entry| entry.state == HandlerState::Running);
        let running = running.map(Entry::deadline).chain([self.handlers_end()]);
        let own = match self.stage {
            Stage::Running | Stage::Ended => return Instant::NEVER,
            Stage::PreDrain => self.pre_drain_end(),
            Stage::Draining => return self.drain_end(),
            Stage::Handlers(_) => Instant::NEVER,
            Stage::Flushing => return self.flush_end(),
        };
        running.chain([own]).filter(|at| *at > now).min().unwrap_or(Instant::NEVER)
    }

    /// When the whole is over.
    pub(super) fn end(&self) -> Instant {
        self.begin() + self.config.whole()
    }

    /// When spans and logs must be sent.
    pub(super) fn flush_end(&self) -> Instant {
        (self.stage_since + self.config.flush()).min(self.end())
    }

    /// When the last handler must have ended.
    pub(super) fn handlers_end(&self) -> Instant {
        self.end() - self.config.flush()
    }

    fn begin(&self) -> Instant {
        self.begun.as_ref().map_or(Instant::NEVER, |(at, _)| *at)
    }

    fn pre_drain_end(&self) -> Instant {
        self.begin() + self.config.pre()
    }

    fn drain_end(&self) -> Instant {
        (self.stage_since + self.config.drain()).min(self.handlers_end())
    }

    fn to(&mut self, stage: Stage, now: Instant) {
        self.stage = stage;
        self.stage_since = now;
    }

    fn is_settled(&self, phase: Phase) -> bool {
        self.of(phase).all(|entry| entry.state.is_settled())
    }

    fn of(&self, phase: Phase) -> impl Iterator<Item = &Entry> {
        self.handlers.iter().filter(move |entry| entry.phase == phase)
    }

    /// Ends what has run for too long and begins what may begin.
    fn step(&mut self, phase: Phase, now: Instant, actions: &mut Vec<Action>) {
        let end = self.handlers_end();
        for entry in self.handlers.iter_mut().filter(|entry| entry.phase == phase) {
            match entry.state {
                HandlerState::Running if now >= entry.deadline().min(end) => {
                    entry.state = HandlerState::TimedOut;
                    entry.ended = Some(now);
                    actions.push(Action::GiveUp(entry.id));
                }
                HandlerState::Waiting if now >= end => entry.state = HandlerState::NotRun,
                _ => {}
            }
        }
        while let Some(next) = self.next_of(phase) {
            let limit = self.limit(next, now);
            let entry = &mut self.handlers[next];
            entry.state = HandlerState::Running;
            entry.started = Some(now);
            entry.limit = Some(limit);
            actions.push(Action::Start(entry.id));
        }
    }

    /// The handler of that phase that may begin now.
    fn next_of(&self, phase: Phase) -> Option<usize> {
        let is_running = self.of(phase).any(|entry| entry.state == HandlerState::Running);
        if is_running && self.config.in_order() == Order::OneByOne {
            return None;
        }
        let waits = |entry: &Entry| entry.phase == phase && entry.state == HandlerState::Waiting;
        let is_free = |entry: &Entry| {
            let awaited =
                entry.after.iter().filter_map(|name| self.handlers.iter().find(|other| other.name == *name));
            awaited.into_iter().all(|other| other.state.is_settled())
        };
        self.handlers.iter().position(|entry| waits(entry) && is_free(entry))
    }

    /// How long a handler may take that begins now: what it asks for, or its share of what is left.
    fn limit(&self, index: usize, now: Instant) -> Duration {
        let left = self.handlers_end().saturating_since(now);
        let entry = &self.handlers[index];
        let asked = entry.timeout.unwrap_or_else(|| {
            let waiting = self.handlers.iter().filter(|other| other.state == HandlerState::Waiting);
            let turns = match self.config.in_order() {
                Order::OneByOne => waiting.count(),
                Order::SideBySide => Phase::ALL
                    .iter()
                    .filter(|phase| self.of(**phase).any(|other| other.state == HandlerState::Waiting))
                    .count(),
            };
            self.config.handler().min(left / u32::try_from(turns.max(1)).unwrap_or(u32::MAX))
        });
        asked.min(left)
    }
}
