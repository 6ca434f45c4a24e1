use std::path::{Path, PathBuf};

use super::read::{field, number, text};
use crate::health::{CheckOptions, Health, HealthCheck, LocalCheck};

/// How much of the memory is in use: of the control group's limit where there is one, as in a container, else of the machine.
///
/// Pages of files that the kernel can take back at once are not in use. From 90 % on it is degraded, from 95 % on unhealthy.
/// It is asked for readiness; under `live` it would start the process anew.
///
/// ```
/// use mainstay_runtime::health::{HealthChecker, Memory};
///
/// let checker = HealthChecker::new("shop");
/// checker.add(Memory::new().degraded_from(0.8));
/// ```
#[derive(Debug, Clone)]
pub struct Memory {
    degraded: f64,
    unhealthy: f64,
    /// `/`, but in tests.
    root: PathBuf,
}

#[derive(Debug, PartialEq, Eq)]
struct Use {
    used: u64,
    limit: u64,
    source: &'static str,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Memory {
    /// With the limits that are told above.
    pub fn new() -> Self {
        Self { degraded: 0.90, unhealthy: 0.95, root: PathBuf::from("/") }
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

    fn look(&self) -> Health {
        let Some(Use { used, limit, source }) = of_group(&self.root).or_else(|| of_machine(&self.root))
        else {
            return Health::healthy().because("how much memory is in use cannot be read here");
        };
        let share = used as f64 / limit.max(1) as f64;
        let reason = || format!("{:.0} % of the memory of the {source} is in use", share * 100.0);
        let health = if share >= self.unhealthy {
            Health::unhealthy(reason())
        } else if share >= self.degraded {
            Health::degraded(reason())
        } else {
            Health::healthy()
        };
        health.with("used_bytes", used).with("limit_bytes", limit).with("of", source)
    }
}

/// Of the control group in which this process is, or of the next one above it that has a limit; version 2, then version 1.
fn of_group(root: &Path) -> Option<Use> {
    let groups = text(&root.join("proc/self/cgroup"))?;
    let path = |prefix: &str, base: &str| {
        let group = groups.lines().find_map(|line| {
            let (_, rest) = line.split_once(':')?;
            let (controllers, path) = rest.split_once(':')?;
            let is_meant = controllers.split(',').any(|controller| controller == prefix);
            is_meant.then(|| path.trim_start_matches('/').to_owned())
        })?;
        Some(root.join(base).join(group))
    };
    let limited = |base: PathBuf, top: PathBuf, max: &str, current: &str, inactive: &str| {
        base.ancestors().take_while(|folder| folder.starts_with(&top)).find_map(|folder| {
            // Version 1 has a number for no limit that no machine has.
            let limit = number(&folder.join(max)).filter(|limit| *limit < 1 << 60)?;
            let used = number(&folder.join(current))?;
            let stat = text(&folder.join("memory.stat")).unwrap_or_default();
            let used = used.saturating_sub(field(&stat, inactive).unwrap_or(0));
            Some(Use { used, limit, source: "control group" })
        })
    };
    let second = path("", "sys/fs/cgroup").and_then(|base| {
        limited(base, root.join("sys/fs/cgroup"), "memory.max", "memory.current", "inactive_file")
    });
    second.or_else(|| {
        let top = root.join("sys/fs/cgroup/memory");
        let base = path("memory", "sys/fs/cgroup/memory")?;
        limited(base, top, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
    })
}

fn of_machine(root: &Path) -> Option<Use> {
    let text = text(&root.join("proc/meminfo"))?;
    let kib = |key| field(&text, key).map(|kib| kib.saturating_mul(1024));
    let limit = kib("MemTotal")?;
    Some(Use { used: limit.saturating_sub(kib("MemAvailable")?), limit, source: "machine" })
}

impl HealthCheck for Memory {
    async fn check(&self) -> Health {
        self.look()
    }

    fn options() -> CheckOptions {
        CheckOptions::new().ready()
    }
}

impl LocalCheck for Memory {}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::health::HealthStatus;

    /// A machine of files, gone with the value.
    struct Machine(PathBuf);

    impl Machine {
        fn new(files: &[(&str, &str)]) -> Self {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let name = format!("mainstay-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
            let root = std::env::temp_dir().join(name);
            for (path, text) in files {
                let path = root.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            Self(root)
        }

        fn look(&self) -> Health {
            Memory { root: self.0.clone(), ..Memory::new() }.look()
        }
    }

    impl Drop for Machine {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    const MACHINE: (&str, &str) = ("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 930 kB\n");

    #[test]
    fn without_a_group_the_machine_counts() {
        let health = Machine::new(&[MACHINE]).look();
        assert_eq!(health.status(), HealthStatus::Healthy);
        assert_eq!(health.data()[0].1.to_string(), (70 * 1024).to_string());
        assert_eq!(health.data()[2].1.as_str(), Some("machine"));
        let full = Machine::new(&[("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 40 kB\n")]).look();
        assert_eq!(full.reason(), Some("96 % of the memory of the machine is in use"));
        assert_eq!(full.status(), HealthStatus::Unhealthy);
    }

    #[test]
    fn a_group_with_a_limit_counts_and_the_pages_of_files_do_not() {
        let files = [
            MACHINE,
            ("proc/self/cgroup", "0::/kubepods/pod1\n"),
            ("sys/fs/cgroup/kubepods/pod1/memory.max", "1000\n"),
            ("sys/fs/cgroup/kubepods/pod1/memory.current", "990\n"),
            ("sys/fs/cgroup/kubepods/pod1/memory.stat", "anon 1\ninactive_file 70\n"),
        ];
        let health = Machine::new(&files).look();
        assert_eq!(health.reason(), Some("92 % of the memory of the control group is in use"));
        assert_eq!(health.status(), HealthStatus::Degraded);
    }

    #[test]
    fn the_next_group_above_that_has_a_limit_counts() {
        let files = [
            MACHINE,
            ("proc/self/cgroup", "0::/outer/inner\n"),
            ("sys/fs/cgroup/outer/inner/memory.max", "max\n"),
            ("sys/fs/cgroup/outer/inner/memory.current", "1\n"),
            ("sys/fs/cgroup/outer/memory.max", "1000\n"),
            ("sys/fs/cgroup/outer/memory.current", "100\n"),
        ];
        let health = Machine::new(&files).look();
        assert_eq!(health.data()[1].1.to_string(), "1000");
        assert_eq!(health.status(), HealthStatus::Healthy);
    }

    #[test]
    fn groups_of_the_first_version_are_read_too() {
        let files = [
            MACHINE,
            ("proc/self/cgroup", "12:cpu,cpuacct:/a\n5:memory:/docker/x\n"),
            ("sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes", "2000\n"),
            ("sys/fs/cgroup/memory/docker/x/memory.usage_in_bytes", "1990\n"),
            ("sys/fs/cgroup/memory/docker/x/memory.stat", "inactive_file 5\ntotal_inactive_file 40\n"),
        ];
        let health = Machine::new(&files).look();
        assert_eq!(health.status(), HealthStatus::Unhealthy);
        assert_eq!(health.data()[0].1.to_string(), "1950");
    }

    #[test]
    fn where_nothing_can_be_read_nothing_is_claimed() {
        let health = Machine::new(&[]).look();
        assert_eq!(health.status(), HealthStatus::Healthy);
        assert!(health.reason().is_some());
    }

    #[test]
    fn on_this_machine_there_is_an_answer() {
        let health = Memory::new().look();
        assert!(!cfg!(target_os = "linux") || health.data().len() == 3, "{health:?}");
    }
}
