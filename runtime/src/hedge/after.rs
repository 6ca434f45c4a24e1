use std::{fmt, time::Duration};

/// How long the primary attempt is waited for before another is made beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum After {
    /// So long.
    Delay(Duration),
    /// As long as this share of the primaries took at most, lately: 0.95 for the 95th percentile.
    Quantile(f64),
}

impl After {
    /// Of a text such as `p95` or `p99.9`; `None` if it is no percentile. A share that is none between 0 and 1 is for
    /// [`check`](super::HedgeConfig::check) to refuse.
    pub(super) fn percentile(text: &str) -> Option<Self> {
        let number = text.strip_prefix('p')?;
        let is_plain = number.starts_with(|first: char| first.is_ascii_digit());
        // The share that is nearest to what is written, as the attribute has it.
        let percent: f64 = number.parse().ok().filter(|_| is_plain)?;
        Some(Self::Quantile(percent / 100.0))
    }
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delay(delay) => write!(f, "{delay:?}"),
            // Without the rounding of the multiplication.
            Self::Quantile(share) => write!(f, "p{}", (share * 1e8).round() / 1e6),
        }
    }
}
