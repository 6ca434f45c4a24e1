use crate::{clock::Instant, deadline};

/// When the time of a call ends, and why: zero as long as its time has not begun.
///
/// One word, because it lies in the future of every call under a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End(u64);

/// Set where the deadline around ends first, and nobody outside cuts the call off then.
const AROUND: u64 = 1 << 62;
/// Set by who has cut the call off.
const PASSED: u64 = 1 << 63;
/// A century and a half of nanoseconds: the farthest instant that is told.
const FARTHEST: u64 = AROUND - 1;

impl End {
    pub(super) const UNKNOWN: Self = Self(0);

    /// Of a limit whose time begins at `at`.
    #[inline]
    pub(super) fn of(at: Instant, limit: u64) -> Self {
        let own = at.as_nanos().saturating_add(limit).min(FARTHEST);
        Self(match deadline::soft_end().map(Instant::as_nanos) {
            Some(around) if around <= own => around.max(1) | AROUND,
            _ => own,
        })
    }

    #[inline]
    pub(super) const fn from_word(word: u64) -> Self {
        Self(word)
    }

    #[inline]
    pub(super) const fn word(self) -> u64 {
        self.0
    }

    /// `None` as long as its time has not begun.
    #[inline]
    pub(super) const fn instant(self) -> Option<Instant> {
        match self.0 & FARTHEST {
            0 => None,
            nanos => Some(Instant::from_nanos(nanos)),
        }
    }

    /// Whether it ends with the deadline around, before its own time is up.
    #[inline]
    pub(super) const fn is_of_deadline_around(self) -> bool {
        self.0 & AROUND != 0
    }

    #[inline]
    pub(super) const fn has_passed(self) -> bool {
        self.0 & PASSED != 0
    }

    #[inline]
    pub(super) const fn passed(self) -> Self {
        Self(self.0 | PASSED)
    }

    /// The deadline around, where that is sooner than `end`: the call went on elsewhere since its time began.
    #[inline]
    pub(super) fn sooner_around(end: Instant) -> Option<Self> {
        let around = deadline::soft_end().filter(|around| *around < end)?;
        Some(Self(around.as_nanos().max(1) | AROUND))
    }
}
