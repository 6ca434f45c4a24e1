use std::{fmt, time::Duration};

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) shutdowns: u64,
    pub(crate) answered: u64,
    /// Answered after the signal.
    pub(crate) answered_late: u64,
    pub(crate) turned_away: u64,
    /// What was lost, and how.
    pub(crate) lost: Vec<String>,
    /// Services that did not exit with 0.
    pub(crate) bad_ends: Vec<String>,
    /// From the signal to the end of the process, beyond the pre-drain.
    pub(crate) took: Vec<Duration>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.shutdowns += other.shutdowns;
        self.answered += other.answered;
        self.answered_late += other.answered_late;
        self.turned_away += other.turned_away;
        self.lost.extend(other.lost);
        self.bad_ends.extend(other.bad_ends);
        self.took.extend(other.took);
    }

    pub(crate) fn is_good(&self) -> bool {
        self.lost.is_empty() && self.bad_ends.is_empty() && self.answered_late > 0
    }

    fn quantile(&self, share: f64) -> Duration {
        let mut took = self.took.clone();
        took.sort_unstable();
        let at = (took.len().saturating_sub(1) as f64 * share) as usize;
        took.get(at).copied().unwrap_or_default()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "shutdowns               {}", self.shutdowns)?;
        writeln!(f, "requests answered       {}", self.answered)?;
        writeln!(f, "  after the signal      {}", self.answered_late)?;
        writeln!(f, "connections turned away {}", self.turned_away)?;
        writeln!(f, "requests lost           {}", self.lost.len())?;
        for lost in self.lost.iter().take(20) {
            writeln!(f, "  {lost}")?;
        }
        writeln!(f, "services ended badly    {}", self.bad_ends.len())?;
        for bad in self.bad_ends.iter().take(20) {
            writeln!(f, "  {bad}")?;
        }
        write!(
            f,
            "signal to exit          median {:.1?}, 99 of 100 {:.1?}, worst {:.1?}, beyond the pre-drain",
            self.quantile(0.5),
            self.quantile(0.99),
            self.quantile(1.0)
        )
    }
}
