//! One check of a checker: what it does, and what it said last for each way of asking it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use tokio::runtime::Handle;

use super::{
    Ask, CheckOptions, CheckReport, Health, HealthStatus, Probe, Probes,
    cell::{Begun, Cell, Done, no_answer},
    part::{Part, Run},
    pool,
    runs::Runs,
};
use crate::{
    clock::{Instant, ManualClock, block_on, now},
    shutdown::Place,
};

pub(super) struct Entry {
    pub(super) name: String,
    /// Where it was added or stands.
    pub(super) place: Place,
    options: CheckOptions,
    run: Arc<dyn Run>,
    /// The runtime in which it was added, whose timers and sockets it uses.
    home: Option<Handle>,
    cells: [Cell; Ask::ALL.len()],
    pub(super) runs: Runs,
}

impl Entry {
    pub(super) fn new(part: Part, name: String, place: Place, home: Option<Handle>) -> Self {
        let Part { options, run, .. } = part;
        Self { name, place, options, run, home, cells: Default::default(), runs: Runs::new() }
    }

    pub(super) fn limit(&self) -> Duration {
        self.options.limit()
    }

    pub(super) fn probes(&self) -> Probes {
        self.options.probes.unwrap_or(Probes::LIVE.and(Probes::READY))
    }

    /// What it is asked for `probe`; `None` where it does not belong to it.
    pub(super) fn ask(&self, probe: Probe) -> Option<Ask> {
        let Some(probes) = self.options.probes else {
            return match probe {
                Probe::Overall => Some(Ask::Check),
                Probe::Live => Some(Ask::Live),
                Probe::Ready => Some(Ask::Ready),
                // A start that is not over in time is a process that is started anew.
                Probe::Started => None,
            };
        };
        let is_ready = probes.contains(Probe::Ready);
        probes.contains(probe).then_some(match probe {
            Probe::Ready => Ask::Ready,
            // The same answer serves both.
            Probe::Overall if is_ready => Ask::Ready,
            _ => Ask::Check,
        })
    }

    pub(super) fn cell(&self, ask: Ask) -> &Cell {
        let [check, live, ready] = &self.cells;
        match ask {
            Ask::Check => check,
            Ask::Live => live,
            Ask::Ready => ready,
        }
    }

    /// The time where the check lives, so that one whose runtime's clock is paused is paused too, whoever asks.
    fn now(&self, home: Option<&Handle>) -> Instant {
        let _inside = self.home.as_ref().or(home).map(Handle::enter);
        now()
    }

    /// Sees to it that there is an answer to come. Gives the time until it will be there, if it is not there yet.
    pub(super) fn begin(self: &Arc<Self>, ask: Ask, home: Option<&Handle>) -> Option<Duration> {
        let at = self.now(home);
        let end = match self.cell(ask).begin(at, self.options.kept(), self.limit()) {
            Begun::Known => return None,
            Begun::Joined(end) => return Some(end.saturating_since(at)),
            Begun::Run(end) => end,
        };
        let home = self.home.as_ref().or(home).cloned();
        let clock = ManualClock::current();
        let running = Running { entry: Arc::clone(self), ask, since: at, health: None };
        let started = pool::run(move || {
            let _followed = clock.as_ref().map(ManualClock::install);
            let home = home.or_else(|| crate::store::io().ok().cloned());
            let _inside = home.as_ref().map(Handle::enter);
            let mut running = running;
            let health = running.entry.answer(ask, end);
            running.health = Some(health);
        });
        if let Err(error) = started {
            tracing::error!(target: "mainstay", check = %self.name, %error, "no thread to run a health check on");
        }
        Some(end.saturating_since(at))
    }

    /// Asks it, on this thread.
    fn answer(&self, ask: Ask, end: Instant) -> Health {
        let asked = catch_unwind(AssertUnwindSafe(|| block_on(self.run.run(ask), Some(end))));
        match asked {
            Ok(Some(health)) if now() < end => health,
            Ok(Some(health)) => {
                let said = health.status();
                Health::unhealthy(format!("answered {said}, but after its limit of {:?}", self.limit()))
            }
            Ok(None) => Health::unhealthy(no_answer(self.limit())),
            Err(panic) => Health::unhealthy(format!("panicked: {}", told(&*panic))),
        }
    }

    /// What can be said now.
    pub(super) fn report(&self, ask: Ask, home: Option<&Handle>, gave_up: bool) -> CheckReport {
        let seen = self.cell(ask).seen(self.now(home), self.limit(), gave_up);
        let is_pending = seen.as_ref().is_some_and(|seen| seen.is_pending);
        let (health, duration, age) = match seen {
            Some(seen) => (seen.health, seen.took, seen.age),
            None => (Health::unhealthy("could not be asked"), Duration::ZERO, Duration::ZERO),
        };
        let health = health.unhealthy_as(self.options.failed());
        if !is_pending {
            self.tell(ask, &health);
        }
        CheckReport {
            name: self.name.clone(),
            status: health.status(),
            reason: health.reason().map(|reason| reason.to_owned().into()),
            duration,
            age,
            probes: self.probes(),
            data: health.data().to_vec(),
        }
    }

    /// Logs what has changed, once.
    fn tell(&self, ask: Ask, health: &Health) {
        if !self.cell(ask).is_news(health.status()) {
            return;
        }
        let (check, status) = (self.name.as_str(), health.status().as_str());
        let reason = health.reason().unwrap_or("it gave no reason");
        match health.status() {
            HealthStatus::Healthy => {
                tracing::info!(target: "mainstay", check, status, "a health check is well again")
            }
            _ => tracing::warn!(target: "mainstay", check, status, reason, "a health check fails"),
        }
    }

    /// The worst of its last answers; `None` if it was never asked.
    pub(super) fn last(&self) -> Option<HealthStatus> {
        let lasts = Ask::ALL.into_iter().filter_map(|ask| self.cell(ask).last());
        lasts.map(|done| done.health.unhealthy_as(self.options.failed()).status()).max()
    }
}

/// A run that goes on. However it ends, it is over.
struct Running {
    entry: Arc<Entry>,
    ask: Ask,
    since: Instant,
    health: Option<Health>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let at = now();
        let took = at.saturating_since(self.since);
        let health =
            self.health.take().unwrap_or_else(|| Health::unhealthy("no thread could be had to ask it on"));
        self.entry.runs.count(health.clone().unhealthy_as(self.entry.options.failed()).status(), took);
        self.entry.cell(self.ask).end(Done { health, at, took });
    }
}

fn told(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a text")
}
