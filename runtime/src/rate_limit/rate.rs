use std::{fmt, str::FromStr, time::Duration};

use crate::ConfigError;

/// So many tokens per period.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::rate_limit::Rate;
///
/// assert_eq!(Rate::parse("100/s")?, Rate::per_second(100));
/// assert_eq!(Rate::parse("10/250ms")?, Rate::new(10, Duration::from_millis(250)));
/// assert_eq!(Rate::per_minute(5).to_string(), "5/min");
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    amount: u32,
    per: Duration,
}

const FORM: ConfigError =
    ConfigError::new("rate", "write an amount and a period, such as \"100/s\", \"5/min\" or \"10/250ms\"");

impl Rate {
    /// `amount` tokens in each `per`. Checked where a limiter is made from it.
    pub const fn new(amount: u32, per: Duration) -> Self {
        Self { amount, per }
    }

    /// `amount` tokens per second.
    pub const fn per_second(amount: u32) -> Self {
        Self::new(amount, Duration::from_secs(1))
    }

    /// `amount` tokens per minute.
    pub const fn per_minute(amount: u32) -> Self {
        Self::new(amount, Duration::from_secs(60))
    }

    /// `amount` tokens per hour.
    pub const fn per_hour(amount: u32) -> Self {
        Self::new(amount, Duration::from_secs(3600))
    }

    /// The tokens that come in one period.
    pub const fn amount(self) -> u32 {
        self.amount
    }

    /// The period.
    pub const fn per(self) -> Duration {
        self.per
    }

    /// Reads `"100/s"`, `"5/min"`, `"1000/h"`, `"10/250ms"`: an amount, a slash, and a period with an optional number
    /// before its unit (`ns`, `us`, `ms`, `s`, `m` or `min`, `h`, `d`).
    ///
    /// # Errors
    ///
    /// If it is written otherwise, is zero, or is more than a billion per second.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let (amount, per) = text.split_once('/').ok_or(FORM)?;
        let amount = number(amount.trim())?.try_into().map_err(|_| TOO_MUCH)?;
        let per = per.trim();
        let unit_at = per.find(|c: char| !c.is_ascii_digit() && c != '_').ok_or(FORM)?;
        let (count, unit) = per.split_at(unit_at);
        let count = if count.is_empty() { 1 } else { number(count)? };
        let unit: u64 = match unit.trim_start() {
            "ns" => 1,
            "us" | "µs" => 1_000,
            "ms" => 1_000_000,
            "s" | "sec" => 1_000_000_000,
            "m" | "min" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "d" => 86_400_000_000_000,
            _ => return Err(FORM),
        };
        let rate = Self::new(amount, Duration::from_nanos(count.checked_mul(unit).ok_or(TOO_LONG)?));
        rate.check()?;
        Ok(rate)
    }

    pub(crate) const fn check(self) -> Result<(), ConfigError> {
        if self.amount == 0 {
            return Err(ConfigError::new(
                "rate",
                "a rate of zero admits nothing; write at least 1, such as \"1/h\"",
            ));
        }
        if self.per.is_zero() {
            return Err(ConfigError::new(
                "rate",
                "the period is zero; write one that lasts, such as \"100/s\"",
            ));
        }
        if self.per.as_nanos() > MAX_NANOS as u128 {
            return Err(TOO_LONG);
        }
        if self.amount as u128 > self.per.as_nanos() {
            return Err(TOO_MUCH);
        }
        Ok(())
    }

    /// The period in nanoseconds, whatever was given.
    pub(super) const fn nanos(self) -> u64 {
        let nanos = self.per.as_nanos();
        if nanos == 0 {
            1
        } else if nanos > MAX_NANOS as u128 {
            MAX_NANOS
        } else {
            nanos as u64
        }
    }
}

/// Nine years: what the arithmetic of the bucket holds with room to spare.
pub(super) const MAX_NANOS: u64 = 1 << 58;

const TOO_LONG: ConfigError =
    ConfigError::new("rate", "the period is longer than nine years; write a shorter one");
const TOO_MUCH: ConfigError = ConfigError::new(
    "rate",
    "more than a billion per second cannot be told from no limit; lower the amount or leave the limit off",
);

fn number(text: &str) -> Result<u64, ConfigError> {
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(FORM);
    }
    digits.parse().map_err(|_| FORM)
}

impl FromStr for Rate {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        Self::parse(text)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { amount, per } = self;
        match per.as_nanos() {
            1_000_000_000 => write!(f, "{amount}/s"),
            60_000_000_000 => write!(f, "{amount}/min"),
            3_600_000_000_000 => write!(f, "{amount}/h"),
            86_400_000_000_000 => write!(f, "{amount}/d"),
            _ => write!(f, "{amount}/{per:?}"),
        }
    }
}
