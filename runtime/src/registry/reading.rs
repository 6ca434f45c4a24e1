use std::fmt;

/// One number of a policy, by its name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// A total that only grows, until the policy is reset.
    Count(&'static str, u64),
    /// What there is now: tokens, calls inside, keys.
    Level(&'static str, f64),
}

impl Reading {
    pub(crate) fn level(name: &'static str, value: impl Into<f64>) -> Self {
        Self::Level(name, value.into())
    }

    /// A level that is counted in whole things.
    pub(crate) fn size(name: &'static str, value: usize) -> Self {
        Self::Level(name, value as f64)
    }

    /// Its name, in snake case.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Count(name, _) | Self::Level(name, _) => name,
        }
    }

    /// Its value. A count beyond 2⁵³ is rounded.
    pub fn value(&self) -> f64 {
        match self {
            Self::Count(_, count) => *count as f64,
            Self::Level(_, level) => *level,
        }
    }

    /// Whether it is a total.
    pub const fn is_count(&self) -> bool {
        matches!(self, Self::Count(..))
    }
}

/// What can be ordered of a policy by hand, while the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// A breaker refuses every call until told otherwise.
    ForceOpen,
    /// A breaker is closed now, in normal operation.
    Close,
    /// A breaker lets every call through and counts nothing, until told otherwise.
    Disable,
    /// A breaker lets every call through and reports what it would do, until told otherwise.
    ObserveOnly,
    /// Takes back force open, disable and observe only.
    Enable,
    /// Back to how it started; a cache is emptied.
    Reset,
}

impl Order {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::ForceOpen, Self::Close, Self::Disable, Self::ObserveOnly, Self::Enable, Self::Reset];

    /// A stable name in snake case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ForceOpen => "force_open",
            Self::Close => "close",
            Self::Disable => "disable",
            Self::ObserveOnly => "observe_only",
            Self::Enable => "enable",
            Self::Reset => "reset",
        }
    }

    /// The order of that name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.as_str() == name)
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
