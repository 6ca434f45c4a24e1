use std::path::{Path, PathBuf};

use super::read::text;
use crate::health::{CheckOptions, Health, HealthCheck, LocalCheck};

/// How many threads want a processor, for each processor there is: the machine's load of the last minute.
///
/// From 2 on it is degraded, and never unhealthy unless told so: where all instances are busy, sending nobody requests helps
/// nobody. It is asked for readiness.
///
/// ```
/// use mainstay_runtime::health::{HealthChecker, Load};
///
/// let checker = HealthChecker::new("shop");
/// checker.add(Load::new().degraded_from(4.0));
/// ```
#[derive(Debug, Clone)]
pub struct Load {
    degraded: f64,
    unhealthy: f64,
    path: PathBuf,
}

impl Default for Load {
    fn default() -> Self {
        Self::new()
    }
}

impl Load {
    /// With the limits that are told above.
    pub fn new() -> Self {
        Self { degraded: 2.0, unhealthy: f64::INFINITY, path: PathBuf::from("/proc/loadavg") }
    }

    /// From what load of each processor on it is degraded.
    #[must_use]
    pub const fn degraded_from(mut self, load: f64) -> Self {
        self.degraded = load;
        self
    }

    /// From what load of each processor on it is unhealthy.
    #[must_use]
    pub const fn unhealthy_from(mut self, load: f64) -> Self {
        self.unhealthy = load;
        self
    }

    fn look(&self, processors: usize) -> Health {
        let Some(load) = of_last_minute(&self.path) else {
            return Health::healthy().because("the load cannot be read here");
        };
        let each = load / processors.max(1) as f64;
        let reason = || format!("{each:.1} threads want each processor");
        let health = if each >= self.unhealthy {
            Health::unhealthy(reason())
        } else if each >= self.degraded {
            Health::degraded(reason())
        } else {
            Health::healthy()
        };
        health.with("load", load).with("processors", processors)
    }
}

fn of_last_minute(path: &Path) -> Option<f64> {
    text(path)?.split_whitespace().next()?.parse().ok()
}

impl HealthCheck for Load {
    async fn check(&self) -> Health {
        self.look(std::thread::available_parallelism().map_or(1, Into::into))
    }

    fn options() -> CheckOptions {
        CheckOptions::new().ready()
    }
}

impl LocalCheck for Load {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::HealthStatus;

    #[test]
    fn the_load_counts_for_each_processor() {
        let path = std::env::temp_dir().join(format!("mainstay-load-{}", std::process::id()));
        std::fs::write(&path, "8.00 4.00 2.00 3/412 9\n").unwrap();
        let load = Load { path: path.clone(), ..Load::new() };
        assert_eq!(load.look(8).status(), HealthStatus::Healthy);
        assert_eq!(load.look(2).reason(), Some("4.0 threads want each processor"));
        assert_eq!(load.look(2).status(), HealthStatus::Degraded);
        assert_eq!(load.clone().unhealthy_from(4.0).look(2).status(), HealthStatus::Unhealthy);
        std::fs::remove_file(path).unwrap();
        assert_eq!(load.look(2).reason(), Some("the load cannot be read here"));
    }
}
