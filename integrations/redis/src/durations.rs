use std::time::Duration;

/// A hundred years: longer than any record is kept, and short enough for the server's arithmetic.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// In milliseconds, rounded up, and at least one: the server refuses to keep anything for no time.
pub(crate) fn millis(duration: Duration) -> u64 {
    let duration = duration.min(LONGEST);
    u64::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX).max(1)
}

/// In microseconds, rounded up.
pub(crate) fn micros(duration: Duration) -> u64 {
    let duration = duration.min(LONGEST);
    u64::try_from(duration.as_nanos().div_ceil(1_000)).unwrap_or(u64::MAX)
}

/// What `PTTL` says of a key that is there.
pub(crate) fn left(millis: i64) -> Duration {
    // Below zero: another hand keeps it for ever.
    u64::try_from(millis).map_or(LONGEST, Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_up_and_bounded() {
        assert_eq!(millis(Duration::ZERO), 1);
        assert_eq!(millis(Duration::from_nanos(1_000_001)), 2);
        assert_eq!(micros(Duration::ZERO), 0);
        assert_eq!(micros(Duration::from_nanos(1)), 1);
        assert_eq!(millis(Duration::MAX), 3_153_600_000_000);
        assert_eq!(left(-1), LONGEST);
    }
}
