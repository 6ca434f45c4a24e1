use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::clock::Instant;

/// The state of a circuit breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// Calls run, and their outcomes count.
    Closed,
    /// Calls are refused until the open period is over.
    Open,
    /// A few calls run as probes, the rest are refused.
    HalfOpen,
    /// Calls run, and nothing counts.
    Disabled,
    /// Calls are refused until somebody says otherwise.
    ForcedOpen,
    /// Calls run, outcomes count, and the state that would be is reported.
    ObserveOnly,
}

impl State {
    /// A stable name in snake case, for labels and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
            Self::Disabled => "disabled",
            Self::ForcedOpen => "forced_open",
            Self::ObserveOnly => "observe_only",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where the machine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Closed,
    Open,
    HalfOpen,
}

/// What somebody has ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Normal,
    Disabled,
    ForcedOpen,
    ObserveOnly,
}

/// All that an admission looks at: phase (2 bits), mode (2), failures in a row (20), epoch (40).
///
/// Every change of phase or mode raises the epoch, so a call whose epoch is gone knows that it is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word(u64);

const PHASE: u64 = 0b0011;
const MODE_SHIFT: u32 = 2;
const STATE: u64 = 0b1111;
const RUN_SHIFT: u32 = 4;
pub(super) const RUN_MAX: u32 = (1 << 20) - 1;
const EPOCH_SHIFT: u32 = 24;

impl Word {
    pub(super) const START: Self = Self(0);

    /// Closed, and nothing ordered.
    #[inline]
    pub(super) const fn is_plainly_closed(self) -> bool {
        self.0 & STATE == 0
    }

    /// The same, and no failure since the last success.
    #[inline]
    pub(super) const fn is_unblemished(self) -> bool {
        self.0 & ((1 << EPOCH_SHIFT) - 1) == 0
    }

    #[inline]
    pub(super) const fn same_epoch(self, other: Self) -> bool {
        self.0 >> EPOCH_SHIFT == other.0 >> EPOCH_SHIFT
    }

    pub(super) const fn phase(self) -> Phase {
        match self.0 & PHASE {
            0 => Phase::Closed,
            1 => Phase::Open,
            _ => Phase::HalfOpen,
        }
    }

    pub(super) const fn mode(self) -> Mode {
        match (self.0 & STATE) >> MODE_SHIFT {
            0 => Mode::Normal,
            1 => Mode::Disabled,
            2 => Mode::ForcedOpen,
            _ => Mode::ObserveOnly,
        }
    }

    pub(super) const fn run(self) -> u32 {
        (self.0 >> RUN_SHIFT) as u32 & RUN_MAX
    }

    pub(super) const fn with_run(self, run: u32) -> Self {
        let run = if run > RUN_MAX { RUN_MAX } else { run };
        Self(self.0 & !((RUN_MAX as u64) << RUN_SHIFT) | (run as u64) << RUN_SHIFT)
    }

    /// For a call that is let through although its outcome is no part of the machine's count.
    pub(super) const fn as_bystander(self) -> Self {
        Self(self.0 & !PHASE | Phase::Open as u64)
    }

    /// The next epoch, in that state and with no failure counted.
    pub(super) const fn entering(self, phase: Phase, mode: Mode) -> Self {
        let epoch = (self.0 >> EPOCH_SHIFT).wrapping_add(1);
        Self(epoch << EPOCH_SHIFT | (mode as u64) << MODE_SHIFT | phase as u64)
    }

    /// What it is called outside.
    pub(super) const fn state(self) -> State {
        match self.mode() {
            Mode::Normal => self.machine_state(),
            Mode::Disabled => State::Disabled,
            Mode::ForcedOpen => State::ForcedOpen,
            Mode::ObserveOnly => State::ObserveOnly,
        }
    }

    /// Where the machine stands, whatever has been ordered.
    pub(super) const fn machine_state(self) -> State {
        match self.phase() {
            Phase::Closed => State::Closed,
            Phase::Open => State::Open,
            Phase::HalfOpen => State::HalfOpen,
        }
    }
}

/// The word that the threads share.
#[derive(Debug)]
pub(super) struct SharedWord(AtomicU64);

impl SharedWord {
    pub(super) const fn new() -> Self {
        Self(AtomicU64::new(Word::START.0))
    }

    #[inline]
    pub(super) fn load(&self) -> Word {
        Word(self.0.load(Ordering::Acquire))
    }

    /// Puts `new` in place of `old`, or tells what is there instead.
    pub(super) fn replace(&self, old: Word, new: Word) -> Result<(), Word> {
        match self.0.compare_exchange_weak(old.0, new.0, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Ok(()),
            Err(seen) => Err(Word(seen)),
        }
    }
}

/// An instant that the threads share; [`Instant::ZERO`] stands for none.
#[derive(Debug)]
pub(super) struct SharedInstant(AtomicU64);

impl SharedInstant {
    pub(super) const fn none() -> Self {
        Self(AtomicU64::new(0))
    }

    pub(super) fn load(&self) -> Instant {
        Instant::from_nanos(self.0.load(Ordering::Acquire))
    }

    pub(super) fn store(&self, at: Instant) {
        self.0.store(at.as_nanos(), Ordering::Release);
    }
}
