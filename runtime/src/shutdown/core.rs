//! What all handles of one shutdown share.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use super::{
    Handler, HandlerState, Outcome, Place, Progress, Reason, Registration, ShutdownConfig, ShutdownError,
    Stage, Work, WorkProgress,
    aloud::unheard,
    entry::{Entry, Id},
    flush::Hooks,
    handler::Operation,
    level::{Level, Levels},
    operate::Running,
    spawned,
    state::State,
    tasks::Tasks,
};
use crate::{
    Name, clock,
    health::{self, NotReady},
};

/// How many connections are taken that were waiting when no new work was to be taken: those who go on coming are not waited
/// for without an end.
const MOST_LATE: u32 = 1024;

/// What is in flight by `mainstay::spawn`.
pub(super) const SPAWNED: &str = "spawned tasks";

pub(super) struct Core {
    pub(super) state: Mutex<State>,
    pub(super) levels: Arc<Levels>,
    pub(super) operations: Mutex<HashMap<Id, Operation>>,
    works: Mutex<Vec<Work>>,
    pub(super) hooks: Arc<Hooks>,
    pub(super) outcome: OnceLock<Outcome>,
    pub(super) is_driven: AtomicBool,
    pub(super) tasks: Tasks,
    /// Async handlers that could not be ended when their time was up, as they held their thread.
    stuck: Mutex<Vec<(Name, Running)>>,
    /// Of the program's: what `mainstay::spawn` starts counts, and readiness goes with it.
    is_of_program: bool,
    not_ready: OnceLock<NotReady>,
    taken_late: AtomicU32,
}

impl Core {
    pub(super) fn new(config: ShutdownConfig, is_of_program: bool) -> Self {
        Self {
            state: Mutex::new(State::new(config)),
            levels: Arc::new(Levels::new()),
            operations: Mutex::default(),
            works: Mutex::default(),
            hooks: Arc::default(),
            outcome: OnceLock::new(),
            is_driven: AtomicBool::new(false),
            tasks: Tasks::default(),
            stuck: Mutex::default(),
            is_of_program,
            not_ready: OnceLock::new(),
            taken_late: AtomicU32::new(0),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn operations(&self) -> MutexGuard<'_, HashMap<Id, Operation>> {
        self.operations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn register(
        self: &Arc<Self>,
        handler: Handler,
        place: Place,
    ) -> Result<Registration, ShutdownError> {
        let place = handler.place.unwrap_or(place);
        handler.check().map_err(|error| ShutdownError::Handler {
            name: handler.name.clone(),
            place,
            error,
        })?;
        let mut state = self.state();
        let id = state.new_id();
        let (name, phase) = (handler.name.clone(), handler.phase);
        state.register(Entry::of(&handler, id, place))?;
        self.operations().insert(id, handler.operation);
        drop(state);
        tracing::debug!(target: "mainstay", handler = %name, %phase, %place, "shutdown handler registered");
        // It may be the turn of the new one.
        self.levels.ring();
        Ok(Registration { core: Arc::downgrade(self), id })
    }

    /// Begins the shutdown; whether it had not begun.
    pub(super) fn trigger(&self, reason: Reason) -> bool {
        let config = {
            let mut state = self.state();
            if !state.trigger(clock::now(), reason.clone()) {
                return false;
            }
            state.config
        };
        if self.is_of_program {
            self.not_ready.get_or_init(|| health::not_ready(format!("shutting down: {reason}")));
        }
        tracing::info!(
            target: "mainstay", %reason, timeout = ?config.whole(), pre_drain = ?config.pre(),
            in_flight = self.in_flight_count(), "shutdown begins: not ready any more"
        );
        // Only now, so that what it wakes is logged behind this.
        self.levels.raise(Level::Begun);
        true
    }

    pub(super) fn work(&self, name: Name) -> Work {
        let mut works = self.works.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = works.iter().find(|work| *work.name() == name) {
            return known.clone();
        }
        let work = Work::new(name, &self.levels);
        works.push(work.clone());
        work
    }

    pub(super) fn in_flight(&self) -> Vec<WorkProgress> {
        let works = self.works.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = works.iter().map(|work| WorkProgress { name: work.name().clone(), count: work.count() });
        let spawned = if self.is_of_program { spawned::running() } else { 0 };
        let spawned = WorkProgress { name: SPAWNED.into(), count: spawned };
        counts.chain([spawned]).filter(|work| work.count > 0).collect()
    }

    pub(super) fn in_flight_count(&self) -> u64 {
        self.in_flight().iter().map(|work| work.count).sum()
    }

    pub(super) fn progress(&self) -> Progress {
        let in_flight = self.in_flight();
        let state = self.state();
        let now = clock::now();
        let until = state.ended.unwrap_or(now);
        let begun = state.begun.as_ref();
        Progress {
            stage: state.stage,
            stage_for: match state.stage {
                Stage::Running => std::time::Duration::ZERO,
                _ => now.saturating_since(state.stage_since),
            },
            reason: begun.map(|(_, reason)| reason.clone()),
            since: begun.map(|(at, _)| until.saturating_since(*at)).unwrap_or_default(),
            limit: state.config.whole(),
            in_flight,
            handlers: state.handlers.iter().map(|entry| entry.progress(now)).collect(),
        }
    }

    /// A handler has ended.
    pub(super) fn settle(&self, id: Id, state: HandlerState) {
        let settled = {
            let mut machine = self.state();
            let now = clock::now();
            machine.settle(id, now, state).map(|entry| entry.progress(now))
        };
        if let Some(handler) = settled {
            let (name, took) = (handler.name.as_str(), handler.took.unwrap_or_default());
            match &handler.state {
                HandlerState::Failed(error) => {
                    tracing::error!(target: "mainstay", handler = name, ?took, error, place = %handler.place, "shutdown handler failed");
                    unheard(format_args!(
                        "{}: the shutdown handler `{name}` failed after {took:.1?}: {error}",
                        handler.place
                    ));
                }
                HandlerState::Panicked(message) => {
                    tracing::error!(target: "mainstay", handler = name, ?took, panic = message, place = %handler.place, "shutdown handler panicked");
                    unheard(format_args!(
                        "{}: the shutdown handler `{name}` panicked after {took:.1?}: {message}",
                        handler.place
                    ));
                }
                _ => tracing::info!(target: "mainstay", handler = name, ?took, "shutdown handler done"),
            }
        }
        self.levels.ring();
    }

    pub(super) fn left_stuck(&self, name: Name, running: Running) {
        self.stuck.lock().unwrap_or_else(PoisonError::into_inner).push((name, running));
    }

    /// The handlers that still hold a thread of the runtime, though their time was up.
    pub(super) fn stuck(&self) -> Vec<Name> {
        let stuck = self.stuck.lock().unwrap_or_else(PoisonError::into_inner);
        stuck.iter().filter(|(_, running)| running.holds_thread()).map(|(name, _)| name.clone()).collect()
    }

    /// Whether one more is taken of those that came before the drain.
    pub(super) fn takes_late(&self) -> bool {
        self.taken_late.fetch_add(1, Ordering::Relaxed) < MOST_LATE
    }

    pub(super) fn has_begun(&self) -> bool {
        self.levels.is(Level::Begun)
    }

    /// Takes the place of the driver, if it is free.
    pub(super) fn drive(&self) -> Option<Driving<'_>> {
        let is_free = !self.is_driven.swap(true, Ordering::AcqRel);
        is_free.then_some(Driving(self))
    }
}

pub(super) struct Driving<'c>(&'c Core);

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        self.0.is_driven.store(false, Ordering::Release);
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GracefulShutdown").field("progress", &self.progress()).finish_non_exhaustive()
    }
}
