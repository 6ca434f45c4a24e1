use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The time as the file has it: microseconds since 1970. Processes that open the file one after the other share no other.
#[derive(Clone)]
pub(crate) struct WallClock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl WallClock {
    pub(crate) fn system() -> Self {
        Self::of(Arc::new(SystemTime::now))
    }

    pub(crate) fn of(now: Arc<dyn Fn() -> SystemTime + Send + Sync>) -> Self {
        Self(now)
    }

    pub(crate) fn now(&self) -> u64 {
        micros((self.0)().duration_since(UNIX_EPOCH).unwrap_or_default())
    }
}

/// At most the year 586,524: a duration without end is one that long.
pub(crate) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

impl fmt::Debug for WallClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WallClock")
    }
}
