use std::{
    fmt,
    ops::{Add, Sub},
    sync::OnceLock,
    time::Duration,
};

use super::{manual, source};

/// A point in time on the policies' clock, in whole nanoseconds. All arithmetic saturates.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

/// Where the first reading of the clock lies, so that a paused clock may start before it.
const EPOCH: u64 = 86_400_000_000_000;

/// Now, by the manual clock of this thread, else by the tokio runtime's clock, else by the system's monotonic clock.
#[inline]
pub fn now() -> Instant {
    if manual::is_any_installed() { with_manual() } else { source::now() }
}

/// Apart, so that the usual reading is short enough to be inlined.
#[cold]
fn with_manual() -> Instant {
    manual::current().map_or_else(source::now, |clock| clock.now())
}

fn anchor() -> std::time::Instant {
    static ANCHOR: OnceLock<std::time::Instant> = OnceLock::new();
    *ANCHOR.get_or_init(std::time::Instant::now)
}

impl Instant {
    /// The earliest instant.
    pub const ZERO: Self = Self(0);
    /// An instant that never comes.
    pub const NEVER: Self = Self(u64::MAX);
    /// Where a manual clock starts.
    pub(crate) const START: Self = Self(EPOCH);

    /// The instant `nanos` nanoseconds after [`Instant::ZERO`].
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// The nanoseconds since [`Instant::ZERO`].
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// The time since `earlier`, zero if that is later than this.
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    pub(super) fn from_tokio(instant: tokio::time::Instant) -> Self {
        let (anchor, instant) = (anchor(), instant.into_std());
        Self(match instant.checked_duration_since(anchor) {
            Some(after) => EPOCH.saturating_add(nanos(after)),
            None => EPOCH.saturating_sub(nanos(anchor.saturating_duration_since(instant))),
        })
    }

    /// The same instant on tokio's clock, which need not agree with ours over long times: what counts is the time from
    /// now. `None` where that clock cannot hold it.
    pub(super) fn into_tokio(self) -> Option<tokio::time::Instant> {
        let (ours, tokios) = (now(), tokio::time::Instant::now());
        match self >= ours {
            true => tokios.checked_add(self.saturating_since(ours)),
            false => tokios.checked_sub(ours.saturating_since(self)).or(Some(tokios)),
        }
    }
}

/// A duration in nanoseconds, at most `u64::MAX` (584 years).
pub(crate) const fn nanos(duration: Duration) -> u64 {
    match duration.as_secs().checked_mul(1_000_000_000) {
        Some(nanos) => nanos.saturating_add(duration.subsec_nanos() as u64),
        None => u64::MAX,
    }
}

impl Add<Duration> for Instant {
    type Output = Self;
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanos(duration)))
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;
    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(nanos(duration)))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Instant({:?})", Duration::from_nanos(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_paused_runtime_moves_the_clock_and_nothing_else_does() {
        let start = now();
        assert_eq!(now(), start);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(now().saturating_since(start), Duration::from_secs(60));
    }

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(Instant::ZERO - Duration::MAX, Instant::ZERO);
        assert_eq!(Instant::ZERO + Duration::MAX, Instant::NEVER);
        assert_eq!(Instant::ZERO.saturating_since(Instant::NEVER), Duration::ZERO);
        assert!(Instant::NEVER.into_tokio().is_none_or(|at| at > tokio::time::Instant::now()));
    }
}
