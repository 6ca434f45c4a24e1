use std::cmp::Ordering;

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A call comes.
    Arrives,
    /// A server is done with the call of that number.
    Finishes(usize),
    /// Whoever made the call of that number stops waiting.
    GivesUp(usize),
    /// The change of that number takes place.
    Changes(usize),
}

/// When, and what. The first is the greatest, as a heap wants it; of two at one instant, the one that was planned first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) at: u64,
    pub(super) planned: u64,
    pub(super) what: What,
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.planned).cmp(&(self.at, self.planned))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
