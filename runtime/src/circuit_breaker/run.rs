use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{
    CircuitBreakerConfig, Permit, Verdict,
    journal::Journal,
    state::{Admission, Machine, ProbeEnd},
    totals::Totals,
    window::Sample,
    word::{Mode, Phase, SharedInstant, SharedWord, Word},
};
use crate::{
    Error, Name,
    clock::{self, Instant},
    observe::{self, Event},
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
    word: SharedWord,
    /// The end of the open period, beside the word so that a refusal takes no lock.
    until: SharedInstant,
    config: CircuitBreakerConfig,
    name: Name,
    pub(super) last_failure: SharedInstant,
    pub(super) totals: Totals,
    locked: Mutex<Locked>,
}

/// What a change of state is made under.
#[derive(Debug)]
pub(super) struct Locked {
    pub(super) machine: Machine,
    pub(super) journal: Journal,
}

impl CircuitBreaker {
    /// The options, at their defaults.
    pub const fn builder() -> CircuitBreakerConfig {
        CircuitBreakerConfig::new()
    }

    /// A breaker in a static of generated code.
    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: CircuitBreakerConfig) -> Self {
        Self::with_totals(Name::from_static(name), config.checked(), Totals::spread())
    }

    pub(super) const fn new(name: Name, config: CircuitBreakerConfig) -> Self {
        Self::with_totals(name, config, Totals::spread())
    }

    /// One of very many.
    pub(super) const fn compact(name: Name, config: CircuitBreakerConfig) -> Self {
        Self::with_totals(name, config, Totals::compact())
    }

    const fn with_totals(name: Name, config: CircuitBreakerConfig, totals: Totals) -> Self {
        Self {
            word: SharedWord::new(),
            until: SharedInstant::none(),
            name,
            last_failure: SharedInstant::none(),
            totals,
            locked: Mutex::new(Locked { machine: Machine::new(&config), journal: Journal::new() }),
            config,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    /// What it goes by.
    pub const fn config(&self) -> &CircuitBreakerConfig {
        &self.config
    }

    /// Asks for leave to make a call.
    ///
    /// # Errors
    /// [`Error::CircuitOpen`] while it is open, with the time left; while it is half-open and all probes are in flight,
    /// or forced open, without.
    #[inline]
    pub fn admit(&self) -> Result<Permit<'_>, Error> {
        let word = self.word.load();
        if word.is_plainly_closed() { Ok(Permit::new(self, word)) } else { self.admit_unless_open(word) }
    }

    fn admit_unless_open(&self, word: Word) -> Result<Permit<'_>, Error> {
        match (word.mode(), word.phase()) {
            (Mode::Disabled, _) | (_, Phase::Closed) if word.mode() != Mode::ForcedOpen => {
                Ok(Permit::new(self, word))
            }
            (Mode::ForcedOpen, _) => Err(self.refuse(None)),
            (_, Phase::Open) => {
                let now = clock::now();
                let left = self.until.load().saturating_since(now);
                // More than the longest period is left only by a clock that was set back: the machine sees to it.
                if left.is_zero() || left > self.config.longest_period() {
                    self.admit_by_machine(now)
                } else {
                    self.turn_away(word, Some(left))
                }
            }
            _ => self.admit_by_machine(clock::now()),
        }
    }

    fn admit_by_machine(&self, now: Instant) -> Result<Permit<'_>, Error> {
        let mut locked = self.locked();
        let mut word = self.word.load();
        match word.mode() {
            Mode::Disabled => return Ok(Permit::new(self, word)),
            Mode::ForcedOpen => {
                drop(locked);
                return Err(self.refuse(None));
            }
            Mode::Normal | Mode::ObserveOnly => {}
        }
        let admission = locked.machine.admit(&self.config, now);
        self.until.store(locked.machine.until());
        let changed = locked.machine.phase() != word.phase();
        if changed {
            word = self.publish(&mut locked, word.mode());
        }
        drop(locked);
        if changed {
            self.tell();
        }
        match admission {
            Admission::Closed | Admission::Probe => Ok(Permit::new(self, word)),
            Admission::Refused(left) => self.turn_away(word, left),
        }
    }

    /// Refuses, or only watches the call go by.
    fn turn_away(&self, word: Word, left: Option<Duration>) -> Result<Permit<'_>, Error> {
        if word.mode() == Mode::ObserveOnly {
            Ok(Permit::new(self, word.as_bystander()))
        } else {
            Err(self.refuse(left))
        }
    }

    fn refuse(&self, left: Option<Duration>) -> Error {
        self.totals.rejected.increment();
        let error = Error::circuit_open(self.name.clone(), left);
        observe::report(&Event::Refused { error: &error });
        error
    }

    /// Takes the outcome of a call admitted when the word was `admitted`.
    #[inline]
    pub(super) fn settle(&self, admitted: Word, started: Instant, verdict: Verdict) {
        if matches!(verdict, Verdict::Success)
            && admitted.is_unblemished()
            && self.config.window.is_none()
            && self.word.load() == admitted
        {
            return self.totals.successes.increment();
        }
        self.settle_with_care(admitted, started, verdict);
    }

    fn settle_with_care(&self, admitted: Word, started: Instant, verdict: Verdict) {
        if admitted.mode() == Mode::Disabled {
            return;
        }
        let failed = verdict == Verdict::Failure;
        let now = (failed || self.config.tells_time()).then(clock::now);
        match verdict {
            Verdict::Success => self.totals.successes.increment(),
            Verdict::Ignored => self.totals.ignored.increment(),
            Verdict::Failure => {
                self.totals.failures.increment();
                self.last_failure.store(now.unwrap_or(Instant::ZERO));
            }
        }
        let slow = match (self.config.slow_call, now) {
            (Some(limit), Some(now)) => now.saturating_since(started) >= limit,
            _ => false,
        };
        let sample = Sample { failed, slow };
        match (admitted.phase(), verdict) {
            // A bystander, or a call that says nothing and holds no place.
            (Phase::Open, _) | (Phase::Closed, Verdict::Ignored) => {}
            (Phase::HalfOpen, Verdict::Ignored) => self.end_probe(admitted, ProbeEnd::Void, now),
            (Phase::HalfOpen, _) if failed || slow => self.end_probe(admitted, ProbeEnd::Failed, now),
            (Phase::HalfOpen, _) => self.end_probe(admitted, ProbeEnd::Passed, now),
            (Phase::Closed, _) if self.config.window.is_some() => self.record(admitted, sample, now),
            (Phase::Closed, Verdict::Success) => self.end_run(admitted),
            (Phase::Closed, Verdict::Failure) => self.lengthen_run(admitted),
        }
    }

    fn end_run(&self, admitted: Word) {
        let mut word = self.word.load();
        while word.same_epoch(admitted) && word.run() > 0 {
            match self.word.replace(word, word.with_run(0)) {
                Ok(()) => return,
                Err(seen) => word = seen,
            }
        }
    }

    fn lengthen_run(&self, admitted: Word) {
        let limit = self.config.run_limit().unwrap_or(u32::MAX);
        let mut word = self.word.load();
        while word.same_epoch(admitted) && word.run() + 1 < limit {
            match self.word.replace(word, word.with_run(word.run() + 1)) {
                Ok(()) => return,
                Err(seen) => word = seen,
            }
        }
        if word.same_epoch(admitted) {
            self.trip(admitted, limit);
        }
    }

    /// Opens after the last failure of a run, unless a success has ended the run meanwhile.
    #[cold]
    fn trip(&self, admitted: Word, limit: u32) {
        let mut locked = self.locked();
        let mut word = self.word.load();
        while word.same_epoch(admitted) {
            let opens = word.run() + 1 >= limit;
            let next = if opens {
                locked.machine.open(clock::now());
                self.until.store(locked.machine.until());
                word.entering(Phase::Open, word.mode())
            } else {
                locked.machine.close(&self.config);
                word.with_run(word.run() + 1)
            };
            match self.word.replace(word, next) {
                Ok(()) if opens => {
                    locked.journal.write(word.machine_state(), next.machine_state());
                    drop(locked);
                    return self.tell();
                }
                Ok(()) => return,
                Err(seen) => word = seen,
            }
        }
    }

    /// Adds an outcome to the window. There every change of the word is made under the lock.
    fn record(&self, admitted: Word, sample: Sample, now: Option<Instant>) {
        let mut locked = self.locked();
        let mut word = self.word.load();
        if !word.same_epoch(admitted) {
            return;
        }
        let run = if sample.failed { word.run().saturating_add(1) } else { 0 };
        while run != word.run() && self.word.replace(word, word.with_run(run)).is_err() {
            word = self.word.load();
        }
        if locked.machine.record(&self.config, sample, run, now.unwrap_or(Instant::ZERO)) {
            locked.machine.open(now.unwrap_or_else(clock::now));
            self.publish(&mut locked, word.mode());
            drop(locked);
            self.tell();
        }
    }

    fn end_probe(&self, admitted: Word, end: ProbeEnd, now: Option<Instant>) {
        let mut locked = self.locked();
        let word = self.word.load();
        if !word.same_epoch(admitted) {
            return;
        }
        locked.machine.end_probe(&self.config, end, now.unwrap_or(Instant::ZERO));
        if locked.machine.phase() != word.phase() {
            self.publish(&mut locked, word.mode());
            drop(locked);
            self.tell();
        }
    }

    /// Makes the machine's phase and the mode known to the other threads. What is to be told is told after the lock.
    pub(super) fn publish(&self, locked: &mut Locked, mode: Mode) -> Word {
        self.until.store(locked.machine.until());
        let mut old = self.word.load();
        let new = loop {
            let new = old.entering(locked.machine.phase(), mode);
            match self.word.replace(old, new) {
                Ok(()) => break new,
                Err(seen) => old = seen,
            }
        };
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
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
