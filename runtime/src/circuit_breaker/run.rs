use std::{
    fmt,
    sync::{Arc, PoisonError},
    time::Duration,
};

use super::{
    CircuitBreakerConfig, Permit,
    follow::{Followed, Source},
    journal::{Journal, KEEPS},
    state::{Admission, Machine},
    totals::{Total, Totals},
    word::{Mode, Phase, SharedInstant, SharedWord, Word},
};
use crate::{
    Error, Name,
    clock::{self, Instant},
    observe,
    overrides::Live,
    sync::{AtomicU64, Mutex, MutexGuard, Ordering},
};

/// Refuses calls to a dependency that keeps failing, until a few probes get through.
///
/// Use it around a closure or future by [`call`](CircuitBreaker::call) and [`call_async`](CircuitBreaker::call_async),
/// or take a [`Permit`] by [`admit`](CircuitBreaker::admit).
///
/// ```
/// use mainstay_runtime::{Error, circuit_breaker::{CircuitBreaker, State}};
///
/// let breaker = CircuitBreaker::builder().failure_threshold(2).build("payments")?;
/// for _ in 0..2 {
///     let failed: Result<(), Box<dyn std::error::Error>> = breaker.call(|| Err("no answer".into()));
///     assert!(failed.is_err());
/// }
/// assert_eq!(breaker.state(), State::Open);
///
/// let refused = breaker.call(|| Ok::<_, Error>(())).unwrap_err();
/// assert!(matches!(refused, Error::CircuitOpen { .. }));
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
pub struct CircuitBreaker {
    pub(super) word: SharedWord,
    /// The end of the open period, beside the word so that a refusal takes no lock.
    pub(super) until: SharedInstant,
    /// The longest open period that there can be now, in nanoseconds.
    pub(super) longest: AtomicU64,
    pub(super) source: Source,
    name: Name,
    pub(super) last_failure: SharedInstant,
    pub(super) totals: Totals,
    locked: Mutex<Locked>,
}

/// The time until probes are let through, in nanoseconds, where that is known.
#[derive(Debug, Clone, Copy)]
struct TimeLeft(u64);

impl TimeLeft {
    const UNKNOWN: Self = Self(u64::MAX);

    /// Five centuries at most.
    const fn nanos(nanos: u64) -> Self {
        Self(if nanos == u64::MAX { u64::MAX - 1 } else { nanos })
    }

    #[inline]
    const fn duration(self) -> Option<Duration> {
        if self.0 == u64::MAX { None } else { Some(Duration::from_nanos(self.0)) }
    }
}

/// What a change of state is made under.
#[derive(Debug)]
pub(super) struct Locked {
    pub(super) machine: Machine,
    pub(super) journal: Journal,
    /// The configuration that the machine goes by.
    pub(super) followed: Followed,
    /// What was ordered by hand, which is not in force while it is switched off.
    pub(super) ordered: Mode,
}

impl CircuitBreaker {
    /// The options, at their defaults.
    pub const fn builder() -> CircuitBreakerConfig {
        CircuitBreakerConfig::new()
    }

    /// A breaker in a static of generated code.
    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: CircuitBreakerConfig) -> Self {
        Self::new(Name::from_static(name), config.checked())
    }

    pub(super) const fn new(name: Name, config: CircuitBreakerConfig) -> Self {
        let start = Word::START.with_effect(config.first_effect());
        let source = Source::Own(Live::new(config));
        let journal = Journal::new(KEEPS);
        Self::starting(name, &config, source, Followed::START, start, Totals::new(), journal)
    }

    /// One of very many, which all go by one configuration.
    pub(super) fn compact(name: Name, live: &Arc<Live<CircuitBreakerConfig>>) -> Self {
        let (config, followed) = Followed::of(live);
        let mode = if followed.is_off() { Mode::Disabled } else { Mode::Normal };
        let start = Word::START.in_mode(mode).with_effect(config.first_effect());
        let journal = Journal::new(0);
        Self::starting(
            name,
            config,
            Source::OfAll(Arc::clone(live)),
            followed,
            start,
            Totals::compact(),
            journal,
        )
    }

    const fn starting(
        name: Name,
        config: &CircuitBreakerConfig,
        source: Source,
        followed: Followed,
        start: Word,
        totals: Totals,
        journal: Journal,
    ) -> Self {
        Self {
            word: SharedWord::new(start),
            until: SharedInstant::none(),
            longest: AtomicU64::new(clock::nanos(config.longest_period())),
            source,
            name,
            last_failure: SharedInstant::none(),
            totals,
            locked: Mutex::new(Locked {
                machine: Machine::new(config),
                journal,
                followed,
                ordered: Mode::Normal,
            }),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    /// What it goes by: the options in force, which are those of the code unless overrides say otherwise.
    #[inline]
    pub fn config(&self) -> &CircuitBreakerConfig {
        self.source.live().get()
    }

    /// Asks for leave to make a call.
    ///
    /// # Errors
    /// [`Error::CircuitOpen`] while it is open, with the time left; while it is half-open and all probes are in flight,
    /// or forced open, without.
    #[inline]
    pub fn admit(&self) -> Result<Permit<'_>, Error> {
        let word = self.word.load();
        if word.is_unblemished() {
            return Ok(Permit::untimed(self, word));
        }
        match self.admit_blemished(word) {
            Ok(word) => Ok(Permit::new(self, word)),
            Err(left) => Err(self.refusal(left)),
        }
    }

    /// The word that the call is admitted with. The answer fits into registers, which an error does not: the caller
    /// makes it where it is used.
    #[inline(never)]
    fn admit_blemished(&self, word: Word) -> Result<Word, TimeLeft> {
        if word.is_plainly_closed() {
            return Ok(word);
        }
        if word.mode() == Mode::ForcedOpen {
            return self.refuse(TimeLeft::UNKNOWN);
        }
        if word.phase() == Phase::Closed || word.mode() == Mode::Disabled {
            return Ok(word);
        }
        let now = clock::now();
        if word.phase() == Phase::Open {
            let left = self.until.load().as_nanos().saturating_sub(now.as_nanos());
            // More than the longest period is left only by a clock that was set back: the machine sees to it.
            if left != 0 && left <= self.longest.load(Ordering::Relaxed) {
                return self.turn_away(word, TimeLeft::nanos(left));
            }
        }
        self.admit_by_machine(now)
    }

    #[inline(never)]
    fn admit_by_machine(&self, now: Instant) -> Result<Word, TimeLeft> {
        let mut locked = self.locked();
        let config = self.follow(&mut locked);
        let mut word = self.word.load();
        match word.mode() {
            Mode::Disabled => return Ok(word),
            Mode::ForcedOpen => {
                drop(locked);
                return self.refuse(TimeLeft::UNKNOWN);
            }
            Mode::Normal | Mode::ObserveOnly => {}
        }
        let admission = locked.machine.admit(config, now);
        self.until.store(locked.machine.until());
        let changed = locked.machine.phase() != word.phase();
        if changed {
            word = self.publish(&mut locked, config, word.mode());
        }
        drop(locked);
        if changed {
            self.tell();
        }
        match admission {
            Admission::Closed | Admission::Probe => Ok(word),
            Admission::Refused(left) => self
                .turn_away(word, left.map_or(TimeLeft::UNKNOWN, |left| TimeLeft::nanos(clock::nanos(left)))),
        }
    }

    /// Refuses, or only watches the call go by.
    #[inline]
    fn turn_away(&self, word: Word, left: TimeLeft) -> Result<Word, TimeLeft> {
        if word.mode() == Mode::ObserveOnly { Ok(word.as_bystander()) } else { self.refuse(left) }
    }

    #[inline]
    fn refuse(&self, left: TimeLeft) -> Result<Word, TimeLeft> {
        self.totals.increment(Total::Rejected);
        observe::report_refusal(|| self.refusal(left));
        Err(left)
    }

    #[inline]
    fn refusal(&self, left: TimeLeft) -> Error {
        Error::CircuitOpen { policy: self.name.clone(), retry_after: left.duration() }
    }

    /// Makes the machine's phase and the mode known to the other threads. What is to be told is told after the lock.
    pub(super) fn publish(&self, locked: &mut Locked, config: &CircuitBreakerConfig, mode: Mode) -> Word {
        self.until.store(locked.machine.until());
        self.note_longest(locked, config);
        let (phase, effect) = (locked.machine.phase(), locked.machine.effect_of_success(config));
        let enter = |old: Word| old.entering(phase, mode).with_effect(effect);
        let old = self.word.update(enter);
        let new = enter(old);
        if old.mode() == new.mode() {
            locked.journal.write(old.machine_state(), new.machine_state());
        } else {
            locked.journal.write(old.state(), new.state());
        }
        new
    }

    pub(super) fn word(&self) -> Word {
        self.word.load()
    }

    pub(super) fn open_until(&self) -> Instant {
        self.until.load()
    }

    pub(super) fn locked(&self) -> MutexGuard<'_, Locked> {
        self.locked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock, if nobody holds it.
    pub(super) fn try_locked(&self) -> Option<MutexGuard<'_, Locked>> {
        self.locked.try_lock().ok()
    }
}

impl fmt::Debug for CircuitBreaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CircuitBreaker")
            .field("name", &self.name)
            .field("state", &self.state())
            .field("config", self.config())
            .finish_non_exhaustive()
    }
}
