//! Drives the state: waits for what happens, and does what the state says.

use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};

use tokio::runtime::Handle;

use super::{
    HandlerOutput, Outcome, Reason, Stage, WorkProgress,
    aloud::unheard,
    core::{Core, SPAWNED},
    entry::Id,
    flush::LAST_LOGS,
    level::Level,
    operate::{self, Running},
    server::Server,
    state::{Action, Seen},
};
use crate::clock;

/// What to do about tasks that nobody has named.
const ADVICE: &str =
    ": end tasks of `mainstay::spawn` by `shutdown::draining()`, or start them with `shutdown::spawn`";

/// How often work is counted whose end rings no bell.
const TICK: Duration = Duration::from_millis(10);

pub(super) async fn drive<F>(core: &Arc<Core>, server: Option<F>) -> Outcome
where
    F: Future<Output: HandlerOutput>,
{
    let mut server = pin!(Server::new(core, server));
    let Some(_driving) = core.drive() else {
        // Another one drives: this one only runs what it was given.
        server.as_mut().until(core.levels.reached(Level::Ended)).await;
        return core
            .outcome
            .get()
            .cloned()
            .unwrap_or_else(|| Outcome::refused("the shutdown has no outcome"));
    };
    if let Some(outcome) = core.outcome.get() {
        return outcome.clone();
    }
    let started = core.state().start();
    let handle = Handle::try_current();
    let handle = match (started, handle) {
        (Err(error), _) => return refuse(&error),
        (_, Err(error)) => return refuse(&error),
        (Ok(()), Ok(handle)) => handle,
    };
    if let Some((asked, there)) = core.state().overbooked() {
        tracing::warn!(
            target: "mainstay", ?asked, ?there,
            "shutdown handlers may take longer together than there is for them: raise `timeout`, or lower theirs"
        );
    }
    let mut driver =
        Driver { core, handle, running: HashMap::new(), is_flushed: Arc::default(), unfinished: Vec::new() };
    loop {
        let seen = Seen {
            is_idle: core.in_flight_count() == 0,
            is_flushed: driver.is_flushed.load(Ordering::Acquire),
        };
        let (actions, stage, deadline) = {
            let mut state = core.state();
            let now = clock::now();
            let actions = state.advance(now, seen);
            let deadline = state.deadline(now);
            (
                actions,
                state.stage,
                if state.stage == Stage::Draining { deadline.min(now + TICK) } else { deadline },
            )
        };
        let is_still = actions.is_empty();
        for action in actions {
            match action {
                Action::CancelWork => {
                    driver.cancel_work();
                    server.as_mut().stop();
                }
                Action::End => return driver.end(server.as_mut().error()),
                action => driver.act(action),
            }
        }
        if is_still {
            debug_assert_ne!(stage, Stage::Ended);
            let (mut rung, mut due) = (pin!(core.levels.rung()), pin!(clock::sleep_until(deadline)));
            let happened = poll_fn(|cx| match rung.as_mut().poll(cx) {
                Poll::Pending => due.as_mut().poll(cx),
                ready => ready,
            });
            server.as_mut().until(happened).await;
        }
    }
}

fn refuse(error: &dyn std::fmt::Display) -> Outcome {
    tracing::error!(target: "mainstay", %error, "the shutdown cannot be prepared");
    unheard(format_args!("the shutdown cannot be prepared: {error}"));
    Outcome::refused(error)
}

struct Driver<'c> {
    core: &'c Arc<Core>,
    handle: Handle,
    running: HashMap<Id, Running>,
    is_flushed: Arc<AtomicBool>,
    unfinished: Vec<WorkProgress>,
}

impl Driver<'_> {
    fn act(&mut self, action: Action) {
        match action {
            Action::StopAccepting => {
                let in_flight = self.core.in_flight_count();
                tracing::info!(target: "mainstay", in_flight, "shutdown: no new work");
                self.core.levels.raise(Level::Draining);
                self.core.tasks.cancel(false);
            }
            Action::Start(id) => self.start(id),
            Action::GiveUp(id) => self.give_up(id),
            Action::Flush => self.flush(),
            Action::CancelWork | Action::End => {}
        }
    }

    fn start(&mut self, id: Id) {
        let operation = self.core.operations().remove(&id);
        let entry = self.core.state().entry(id).cloned();
        let (Some(operation), Some(entry)) = (operation, entry) else { return };
        let (name, limit) = (entry.name.as_str(), entry.limit.unwrap_or_default());
        tracing::info!(target: "mainstay", handler = name, phase = %entry.phase, ?limit, "shutdown handler begins");
        if let Some(task) = operate::begin(self.core, &self.handle, &entry, operation) {
            self.running.insert(id, task);
        }
    }

    fn give_up(&mut self, id: Id) {
        let task = self.running.remove(&id);
        let is_ended = task.as_ref().map(Running::cancel);
        let entry = self.core.state().entry(id).map(|entry| (entry.name.clone(), entry.limit, entry.place));
        if let Some((name, limit, place)) = entry {
            let limit = limit.unwrap_or_default();
            let done = match is_ended {
                Some(true) => "cancelled",
                Some(false) => "asked to end; it blocks its thread",
                None => "left running",
            };
            if let (Some(false), Some(task)) = (is_ended, task) {
                self.core.left_stuck(name.clone(), task);
            }
            tracing::error!(target: "mainstay", handler = %name, ?limit, %place, "shutdown handler took too long: {done}");
            unheard(format_args!(
                "{place}: the shutdown handler `{name}` took longer than {limit:?}: {done}"
            ));
        }
    }

    fn cancel_work(&mut self) {
        self.unfinished = self.core.in_flight();
        for WorkProgress { name, count } in &self.unfinished {
            let advice = if *name == SPAWNED { ADVICE } else { "" };
            tracing::error!(target: "mainstay", work = %name, count, "work in flight did not end in time{advice}");
            unheard(format_args!("{count} of `{name}` did not end in time{advice}"));
        }
        self.core.tasks.cancel(true);
    }

    fn flush(&self) {
        let (hooks, is_flushed) = (Arc::clone(&self.core.hooks), Arc::clone(&self.is_flushed));
        let within = {
            let state = self.core.state();
            state.flush_end().saturating_since(clock::now())
        };
        tracing::info!(target: "mainstay", ?within, "shutdown: handlers are over, telemetry is sent");
        if hooks.is_empty() {
            return self.is_flushed.store(true, Ordering::Release);
        }
        let levels = Arc::clone(&self.core.levels);
        let flushed = Arc::clone(&is_flushed);
        let flush = move || {
            hooks.run(within);
            flushed.store(true, Ordering::Release);
            levels.ring();
        };
        if std::thread::Builder::new().name("mainstay-flush".into()).spawn(flush).is_err() {
            is_flushed.store(true, Ordering::Release);
        }
    }

    fn end(self, error: Option<String>) -> Outcome {
        let progress = self.core.progress();
        let outcome = Outcome {
            reason: progress.reason.unwrap_or(Reason::Ended),
            took: progress.since,
            handlers: progress.handlers,
            unfinished: self.unfinished,
            error,
        };
        let (code, took) = (outcome.code(), outcome.took);
        match outcome.still_running().as_slice() {
            [] if code == 0 => tracing::info!(target: "mainstay", ?took, code, "shut down"),
            [] => {
                tracing::warn!(target: "mainstay", ?took, code, "shut down, with failures");
                unheard(format_args!("{outcome}"));
            }
            left => {
                let left = left.join(", ");
                tracing::error!(target: "mainstay", ?took, code, left, "shut down, and not all had ended");
                unheard(format_args!("{outcome}"));
            }
        }
        // This line too, if `main` ends without dropping what writes the logs.
        self.core.hooks.run_logs(LAST_LOGS);
        let _ = self.core.outcome.set(outcome.clone());
        self.core.levels.raise(Level::Ended);
        outcome
    }
}
