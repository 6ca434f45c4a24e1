use std::fmt;

/// How much a call matters. Those that matter less are refused first.
///
/// Each may use its share of the limit: a critical call all of it, the others what
/// [`normal_share`](super::AdaptiveLimitConfig::normal_share) and
/// [`sheddable_share`](super::AdaptiveLimitConfig::sheddable_share) say. Places are not set apart: a sheddable call is admitted
/// while fewer calls than its share are in flight, whatever their priorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Work that nobody waits for, or that can be done later.
    Sheddable,
    /// Most work.
    Normal,
    /// What users or other services wait for.
    Critical,
}

impl Priority {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Sheddable, Self::Normal, Self::Critical];

    /// A stable name in snake case, for labels and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sheddable => "sheddable",
            Self::Normal => "normal",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
