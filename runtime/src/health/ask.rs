//! Asking the checks of a probe, side by side and in bounded time.

use std::{
    future::poll_fn,
    sync::{Arc, atomic::Ordering},
    task::Poll,
    time::Duration,
};

use tokio::sync::oneshot;

use super::{
    Ask, CheckReport, Health, HealthChecker, Probe, Probes, Report, entry::Entry, heartbeat::SLOW, pool,
};
use crate::clock::{self, ManualClock, block_on};

/// How long a report waits for answers. A check with more time than this goes on, and until it ends its last answer stands.
const PATIENCE: Duration = Duration::from_millis(80);

impl HealthChecker {
    /// Asks the checks of that probe and waits for them on this thread, for 80 ms at most.
    ///
    /// It needs no runtime, and does not rely on one that is blocked. An answer that was given a short while ago is given
    /// again; whoever is being asked already is not asked once more. A check with a `timeout` of more than 80 ms goes on
    /// after that, and its last answer stands until then, with its age.
    ///
    /// In async code use [`report_async`](Self::report_async), which blocks no thread of the runtime.
    pub fn report(&self, probe: Probe) -> Report {
        let asked: Vec<(Arc<Entry>, Ask)> = {
            let entries = self.entries().into_iter();
            entries.filter_map(|entry| entry.ask(probe).map(|ask| (entry, ask))).collect()
        };
        let home = self.home();
        let heartbeat = self.heartbeat();
        if let Some(heartbeat) = &heartbeat {
            heartbeat.ask();
        }
        let begun: Vec<_> = asked.iter().map(|(entry, ask)| entry.begin(*ask, home.as_ref())).collect();
        let left = begun.iter().flatten().max().copied();
        if let Some(left) = left {
            let all_ended = poll_fn(|cx| {
                let pending = |(entry, ask): &(Arc<Entry>, Ask)| entry.cell(*ask).poll_ended(cx).is_pending();
                // Each of them is to wake this, so none is left out.
                let running =
                    asked.iter().zip(&begun).filter(|(_, left)| left.is_some()).map(|(asked, _)| asked);
                if running.map(pending).fold(false, |any, one| any | one) {
                    Poll::Pending
                } else {
                    Poll::Ready(())
                }
            });
            block_on(all_ended, Some(clock::now() + left.min(PATIENCE)));
        }
        let gave_up = |left: &Option<Duration>| left.is_some_and(|left| left <= PATIENCE);
        let mut checks: Vec<CheckReport> = asked
            .iter()
            .zip(&begun)
            .map(|((entry, ask), left)| entry.report(*ask, home.as_ref(), gave_up(left)))
            .collect();
        checks.extend(heartbeat.map(|heartbeat| runtime(heartbeat.stalled(), heartbeat.lag())));
        let report = Report::of(probe, checks);
        self.gated(report)
    }

    /// The same without blocking this thread.
    pub async fn report_async(&self, probe: Probe) -> Report {
        let (tell, told) = oneshot::channel();
        let (checker, clock) = (self.clone(), ManualClock::current());
        let asked = pool::run(move || {
            let _followed = clock.as_ref().map(ManualClock::install);
            let _ = tell.send(checker.report(probe));
        });
        match (asked, told.await) {
            (Ok(()), Ok(report)) => report,
            // No thread could be had: better late than not at all.
            _ => self.report(probe),
        }
    }

    /// Asks all checks: the same as [`report_async`](Self::report_async) with [`Probe::Overall`].
    pub async fn run_all_checks(&self) -> Report {
        self.report_async(Probe::Overall).await
    }

    /// Adds what stands in the way of readiness, and remembers that the start is over.
    fn gated(&self, mut report: Report) -> Report {
        let checks = &self.0;
        let probe = report.probe;
        if probe == Probe::Started && checks.has_started.load(Ordering::Acquire) {
            return Report::of(probe, report.checks.into_iter().map(started).collect());
        }
        let not_installed = !checks.is_installed.load(Ordering::Acquire);
        let reason = match probe {
            Probe::Live => None,
            _ if not_installed => Some("the checks are not installed yet".into()),
            Probe::Started => None,
            _ => checks.gate.closed(),
        };
        if let Some(reason) = reason {
            report.checks.push(own("readiness", Probes::READY, Health::unhealthy(reason)));
            report = Report::of(probe, report.checks);
        }
        if probe == Probe::Started && report.status.is_up() {
            checks.has_started.store(true, Ordering::Release);
        }
        report
    }
}

/// The start was over once, whatever happened since.
fn started(mut check: CheckReport) -> CheckReport {
    if !check.status.is_up() {
        check.status = super::HealthStatus::Degraded;
    }
    check
}

/// After so long it is unhealthy.
const STUCK: Duration = Duration::from_secs(10);

fn runtime(stalled: Duration, lag: Duration) -> CheckReport {
    let health = if stalled < SLOW {
        Health::healthy()
    } else if stalled < STUCK {
        Health::degraded(format!("the runtime has not moved for {stalled:.1?}"))
    } else {
        Health::unhealthy(format!("the runtime has not moved for {stalled:.1?}: its threads are blocked"))
    };
    let probes = Probes::LIVE.and(Probes::READY);
    own("runtime", probes, health.with("lag_ms", lag.as_secs_f64() * 1e3))
}

/// What we say ourselves.
fn own(name: &str, probes: Probes, health: Health) -> CheckReport {
    CheckReport {
        name: name.to_owned(),
        status: health.status(),
        reason: health.reason().map(|reason| reason.to_owned().into()),
        duration: Duration::ZERO,
        age: Duration::ZERO,
        probes,
        data: health.data().to_vec(),
    }
}
