use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use mainstay_runtime::health::{CheckOptions, Health, HealthCheck, LocalCheck};
use rustix::fs::{StatVfs, statvfs};

/// How full the file system is on which a path lies: of its room and of its files, whichever is worse.
///
/// What the system keeps for its administrator counts as full, as in `df`. From 90 % on it is degraded, from 95 % on unhealthy.
/// It is asked for readiness.
///
/// ```
/// use mainstay_runtime::health::HealthChecker;
/// use mainstay_system::Disk;
///
/// let checker = HealthChecker::new("shop");
/// checker.add(Disk::of("/var").degraded_from(0.8));
/// ```
#[derive(Debug, Clone)]
pub struct Disk {
    path: PathBuf,
    degraded: f64,
    unhealthy: f64,
}

impl Disk {
    /// The one on which `path` lies, with the limits that are told above.
    pub fn of(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), degraded: 0.90, unhealthy: 0.95 }
    }

    /// From what share on it is degraded, such as 0.8.
    #[must_use]
    pub const fn degraded_from(mut self, share: f64) -> Self {
        self.degraded = share;
        self
    }

    /// From what share on it is unhealthy.
    #[must_use]
    pub const fn unhealthy_from(mut self, share: f64) -> Self {
        self.unhealthy = share;
        self
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn judge(&self, room: &Room) -> Health {
        let (share, of) = room.fullest();
        let path = self.path.display();
        let reason = || format!("{:.0} % of the {of} of the file system of {path} is in use", share * 100.0);
        let health = if share >= self.unhealthy {
            Health::unhealthy(reason())
        } else if share >= self.degraded {
            Health::degraded(reason())
        } else {
            Health::healthy()
        };
        health.with("free_bytes", room.free_bytes).with("used", share)
    }
}

/// How full a file system is.
#[derive(Debug)]
struct Room {
    free_bytes: u64,
    blocks: f64,
    /// File systems that make their entries as they are needed have no number of them.
    files: f64,
}

impl Room {
    fn of(stat: &StatVfs) -> Self {
        Self {
            free_bytes: stat.f_bavail.saturating_mul(stat.f_frsize),
            blocks: used(stat.f_blocks, stat.f_bfree, stat.f_bavail),
            files: used(stat.f_files, stat.f_ffree, stat.f_favail),
        }
    }

    fn fullest(&self) -> (f64, &'static str) {
        if self.files > self.blocks { (self.files, "entries") } else { (self.blocks, "room") }
    }
}

/// The share in use of what anybody may use.
fn used(all: u64, free: u64, available: u64) -> f64 {
    let used = all.saturating_sub(free);
    match used.saturating_add(available) {
        0 => 0.0,
        usable => used as f64 / usable as f64,
    }
}

impl HealthCheck for Disk {
    async fn check(&self) -> Health {
        match statvfs(&self.path) {
            Ok(stat) => self.judge(&Room::of(&stat)),
            Err(error) => Health::unhealthy(format!("{}: {error}", self.path.display())),
        }
    }

    fn name() -> Cow<'static, str> {
        "disk".into()
    }

    fn options() -> CheckOptions {
        CheckOptions::new().ready()
    }
}

impl LocalCheck for Disk {}

#[cfg(test)]
mod tests {
    use mainstay_runtime::{
        clock::ManualClock,
        health::{HealthChecker, HealthStatus, Probe},
    };

    use super::*;

    #[test]
    fn what_is_kept_for_the_administrator_counts_as_full() {
        assert_eq!(used(100, 20, 0), 1.0);
        assert_eq!(used(100, 20, 20), 0.8);
        assert_eq!(used(0, 0, 0), 0.0);
    }

    #[test]
    fn the_room_or_the_entries_whichever_is_fuller() {
        let disk = Disk::of("/var");
        let judged = |blocks, files| disk.judge(&Room { free_bytes: 7, blocks, files });
        assert_eq!(judged(0.5, 0.1).status(), HealthStatus::Healthy);
        let degraded = judged(0.92, 0.1);
        assert_eq!(degraded.status(), HealthStatus::Degraded);
        assert_eq!(degraded.reason(), Some("92 % of the room of the file system of /var is in use"));
        let unhealthy = judged(0.92, 0.97);
        assert_eq!(unhealthy.status(), HealthStatus::Unhealthy);
        assert_eq!(unhealthy.reason(), Some("97 % of the entries of the file system of /var is in use"));
    }

    #[test]
    fn a_path_that_is_there_has_an_answer_and_one_that_is_not_is_told_of() {
        let _still = ManualClock::new().install();
        let checker = HealthChecker::new("shop");
        checker.add(Disk::of(std::env::temp_dir()).degraded_from(2.0).unhealthy_from(2.0));
        checker.add_as("gone", Disk::of("/there/is/no/such/path"));
        let report = checker.report(Probe::Ready);
        assert_eq!(report.status_of("disk"), Some(HealthStatus::Healthy));
        assert!(report.reason("gone").is_some_and(|reason| reason.starts_with("/there/is/no/such/path: ")));
    }
}
