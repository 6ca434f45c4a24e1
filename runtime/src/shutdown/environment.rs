//! The options as environment variables.

use std::{env, time::Duration};

use super::{ShutdownConfig, ShutdownError};

type Variable = (&'static str, fn(ShutdownConfig, Duration) -> ShutdownConfig);

const VARIABLES: [Variable; 3] = [
    ("SHUTDOWN_TIMEOUT", ShutdownConfig::timeout),
    ("SHUTDOWN_PRE_DRAIN", ShutdownConfig::pre_drain),
    ("SHUTDOWN_DRAIN_TIMEOUT", ShutdownConfig::drain_timeout),
];

impl ShutdownConfig {
    /// The same with what the environment says: `SHUTDOWN_TIMEOUT`, `SHUTDOWN_PRE_DRAIN` and `SHUTDOWN_DRAIN_TIMEOUT`, each a
    /// number of seconds such as `25`, or with a unit, `25s`, `500ms`, `1m`.
    ///
    /// # Errors
    /// A variable is no duration.
    pub fn or_environment(self) -> Result<Self, ShutdownError> {
        self.with_variables(|name| env::var(name).ok())
    }

    pub(super) fn with_variables(self, read: impl Fn(&str) -> Option<String>) -> Result<Self, ShutdownError> {
        VARIABLES.iter().try_fold(self, |config, (name, set)| match read(name) {
            None => Ok(config),
            Some(value) => match duration(value.trim()) {
                Some(duration) => Ok(set(config, duration)),
                None => Err(ShutdownError::Variable { name, value }),
            },
        })
    }
}

fn duration(text: &str) -> Option<Duration> {
    const UNITS: [(&str, f64); 4] = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit {
        "" => 1.0,
        unit => UNITS.iter().find(|(name, _)| *name == unit)?.1,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()
}
