//! Types that are as healthy as they are told to be.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use mainstay::{
    clock::{Installed, ManualClock},
    health::{Health, HealthCheck, HealthChecker, HealthStatus, LocalCheck, Probe, Report},
};

/// Time stands still: however slow the machine is, no check has taken too long.
pub(crate) fn still() -> Installed {
    ManualClock::new().install()
}

/// What `deps` say together, asked once.
pub(crate) fn report(deps: impl HealthCheck, probe: Probe) -> Report {
    let _still = still();
    let checker = HealthChecker::new("test");
    checker.add(deps);
    checker.report(probe)
}

/// The names and statuses of a report.
pub(crate) fn statuses(report: &Report) -> Vec<(&str, HealthStatus)> {
    report.checks.iter().map(|check| (check.name.as_str(), check.status)).collect()
}

/// A connection, up or down, that counts who asks.
#[derive(Clone, Default)]
pub(crate) struct Connection {
    pub(crate) is_down: bool,
    pub(crate) asked: Arc<AtomicUsize>,
}

impl Connection {
    pub(crate) fn up() -> Self {
        Self::default()
    }

    pub(crate) fn down() -> Self {
        Self { is_down: true, ..Self::default() }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl HealthCheck for Connection {
    async fn check(&self) -> Health {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.is_down { Health::unhealthy("refused") } else { Health::healthy() }
    }
}

/// A queue within the process.
pub(crate) struct Queue {
    pub(crate) is_full: bool,
}

impl HealthCheck for Queue {
    async fn check(&self) -> Health {
        Health::from(!self.is_full)
    }
}

impl LocalCheck for Queue {}
