use std::fmt;

/// When a trading signal was given, by the signal's own account.
///
/// It cannot be had from a clock. A retry comes later than the call that it repeats: a key with the time of the call in it
/// would be another key then, and the trade would be made twice.
///
/// ```compile_fail,E0308
/// use std::time::SystemTime;
/// use mainstay_json::IdempotencyKey;
///
/// let _ = IdempotencyKey::from_trade("strat_456", "abc123", SystemTime::now());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignalTime(u64);

impl SignalTime {
    /// The time that stands in the signal, in whole seconds since the beginning of 1970 (UTC).
    ///
    /// Of signals that come faster than that, those that differ have a different hash.
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// The same in milliseconds, of which whole seconds are taken.
    pub const fn from_unix_millis(millis: u64) -> Self {
        Self(millis / 1000)
    }

    /// Whole seconds since the beginning of 1970 (UTC).
    pub const fn unix_seconds(self) -> u64 {
        self.0
    }
}

/// As the key has it: the seconds.
impl fmt::Display for SignalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
