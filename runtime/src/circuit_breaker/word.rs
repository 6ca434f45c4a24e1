use std::fmt;

use crate::{
    clock::Instant,
    sync::{AtomicU64, Ordering},
};

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

/// What a success that was not slow does to the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing: there is no window, or it is full of such successes.
    None,
    /// It can open nothing, so the window need not hear of it before something else happens.
    Deferred,
    /// It may be what the rate was waiting for.
    Immediate,
}

/// All that an admission looks at: phase (2 bits), mode (2), failures in a row (20), what a success does to the
/// window (2), successes that the window has not heard of (6), epoch (32).
///
/// Every change of phase or mode raises the epoch, so a call whose epoch is gone knows that it is late: unless four
/// billion changes have happened since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word(u64);

const PHASE: u64 = 0b0011;
const MODE_SHIFT: u32 = 2;
const STATE: u64 = 0b1111;
const RUN_SHIFT: u32 = 4;
pub(super) const RUN_MAX: u32 = (1 << 20) - 1;
const EFFECT_SHIFT: u32 = 24;
const EFFECT: u64 = 0b11 << EFFECT_SHIFT;
const UNHEARD_SHIFT: u32 = 26;
pub(super) const UNHEARD_MAX: u32 = (1 << 6) - 1;
const UNHEARD: u64 = (UNHEARD_MAX as u64) << UNHEARD_SHIFT;
const EPOCH_SHIFT: u32 = 32;

impl Word {
    pub(super) const START: Self = Self(0);

    /// Closed, and nothing ordered.
    #[inline]
    pub(super) const fn is_plainly_closed(self) -> bool {
        self.0 & STATE == 0
    }

    /// The same, and no failure since the last success: another success changes nothing but the totals. A breaker
    /// with `slow_call` is never that.
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

    pub(super) const fn effect(self) -> Effect {
        match (self.0 & EFFECT) >> EFFECT_SHIFT {
            0 => Effect::None,
            1 => Effect::Deferred,
            _ => Effect::Immediate,
        }
    }

    #[must_use]
    pub(super) const fn with_effect(self, effect: Effect) -> Self {
        Self(self.0 & !EFFECT | (effect as u64) << EFFECT_SHIFT)
    }

    /// For a window that is about to be written: successes have an effect from here on. Only a full window ever had
    /// [`Effect::None`], and there they can be deferred.
    #[must_use]
    pub(super) const fn attentive(self) -> Self {
        match self.effect() {
            Effect::None => self.with_effect(Effect::Deferred),
            Effect::Deferred | Effect::Immediate => self,
        }
    }

    /// Successes since the window was last written.
    pub(super) const fn unheard(self) -> u32 {
        ((self.0 & UNHEARD) >> UNHEARD_SHIFT) as u32
    }

    #[must_use]
    pub(super) const fn with_unheard(self, successes: u32) -> Self {
        let successes = if successes > UNHEARD_MAX { UNHEARD_MAX } else { successes };
        Self(self.0 & !UNHEARD | (successes as u64) << UNHEARD_SHIFT)
    }

    /// For a call that is let through although its outcome is no part of the machine's count.
    pub(super) const fn as_bystander(self) -> Self {
        Self(self.0 & !PHASE | Phase::Open as u64)
    }

    /// The same under that order.
    #[must_use]
    pub(super) const fn in_mode(self, mode: Mode) -> Self {
        Self(self.0 & !(STATE & !PHASE) | (mode as u64) << MODE_SHIFT)
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
    pub(super) const fn new(start: Word) -> Self {
        Self(AtomicU64::new(start.0))
    }

    #[inline]
    pub(super) fn load(&self) -> Word {
        Word(self.0.load(Ordering::Acquire))
    }

    /// Changes it, whatever the other threads do, and gives back what it was.
    pub(super) fn update(&self, change: impl Fn(Word) -> Word) -> Word {
        let mut old = self.load();
        loop {
            let new = change(old);
            if new == old {
                return old;
            }
            match self.replace(old, new) {
                Ok(()) => return old,
                Err(seen) => old = seen,
            }
        }
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
