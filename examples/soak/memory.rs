//! How much memory this process has in use.

use std::fs;

/// What may come on top of the most that was in use during the warm-up: a tenth of it, and this.
const SLACK: u64 = 8 << 20;

/// Resident memory in bytes.
///
/// # Errors
/// Where there is no `/proc/self/status`: this is for Linux.
pub fn resident() -> Result<u64, String> {
    let status = fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok())
        .map(|kib| kib << 10)
        .ok_or_else(|| "no VmRSS in /proc/self/status".to_owned())
}

/// The memory in use from the warm-up on.
#[derive(Debug, Default)]
pub struct Memory {
    pub warm: u64,
    pub most: u64,
    pub now: u64,
}

impl Memory {
    /// Looks again. During the warm-up everything is allowed.
    ///
    /// # Errors
    /// If more is in use than may be.
    pub fn look(&mut self, warming_up: bool) -> Result<(), String> {
        self.now = resident()?;
        self.most = self.most.max(self.now);
        if warming_up {
            self.warm = self.warm.max(self.now);
        }
        if self.now > self.limit() {
            return Err(format!(
                "memory is not flat: {} MiB resident, {} after the warm-up, {} allowed",
                mib(self.now),
                mib(self.warm),
                mib(self.limit())
            ));
        }
        Ok(())
    }

    pub fn limit(&self) -> u64 {
        self.warm + self.warm / 10 + SLACK
    }
}

pub fn mib(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / f64::from(1 << 20))
}
