use std::{fmt, time::Duration};

use crate::clock::nanos;

/// How the wait grows from one attempt to the next.
///
/// `n` counts the failed attempts, so that `n = 1` gives the wait before the second attempt.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Backoff {
    /// `initial_delay × exponential_baseⁿ⁻¹`: 1 s, 2 s, 4 s, 8 s.
    Exponential,
    /// `initial_delay × n`: 1 s, 2 s, 3 s, 4 s.
    Linear,
    /// `initial_delay` every time.
    Constant,
    /// `initial_delay` times 1, 2, 3, 5, 8 …
    Fibonacci,
    /// What the function says for `n`.
    Custom(fn(u32) -> Duration),
}

impl Backoff {
    /// The wait in nanoseconds after the `failed`th failure, before cap and jitter.
    pub(super) fn nanos(self, failed: u32, initial: Duration, base: f64) -> u64 {
        let initial = nanos(initial);
        match self {
            Self::Exponential if initial == 0 => 0,
            Self::Exponential => {
                let exponent = i32::try_from(failed.saturating_sub(1)).unwrap_or(i32::MAX);
                // Casting saturates, infinity included.
                (initial as f64 * base.powi(exponent)).round() as u64
            }
            Self::Linear => initial.saturating_mul(u64::from(failed)),
            Self::Constant => initial,
            Self::Fibonacci => initial.saturating_mul(fibonacci(failed)),
            Self::Custom(delay) => nanos(delay(failed)),
        }
    }
}

/// 1, 2, 3, 5, 8 … for n = 1, 2, 3, 4, 5 …, saturating.
fn fibonacci(n: u32) -> u64 {
    let (mut current, mut next) = (1_u64, 2_u64);
    // The ninety-third exceeds what a u64 holds.
    for _ in 1..n.min(100) {
        (current, next) = (next, current.saturating_add(next));
    }
    current
}

impl PartialEq for Backoff {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Custom(one), Self::Custom(other)) => std::ptr::fn_addr_eq(*one, *other),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl fmt::Debug for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exponential => "exponential",
            Self::Linear => "linear",
            Self::Constant => "constant",
            Self::Fibonacci => "fibonacci",
            Self::Custom(_) => "custom",
        })
    }
}

/// What chance does to a wait `d`, so that callers who failed together do not come back together.
///
/// The names and formulas are those of Marc Brooker's "Exponential Backoff And Jitter" (AWS, 2015).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Jitter {
    /// Anything from zero to `d`, evenly.
    Full,
    /// Half of `d`, and anything from zero to the other half.
    Equal,
    /// `d` itself.
    None,
}

impl Jitter {
    /// `roll(n)` gives a number from 0 to `n`, both included.
    pub(super) fn apply(self, delay: u64, roll: impl FnOnce(u64) -> u64) -> u64 {
        match self {
            Self::Full => roll(delay),
            Self::Equal => delay - delay / 2 + roll(delay / 2),
            Self::None => delay,
        }
    }
}
