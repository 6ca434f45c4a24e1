use std::{
    fmt,
    sync::{PoisonError, atomic::AtomicBool},
};

use super::{
    Permit, ThrottleConfig,
    window::{Tally, Window},
};
use crate::{
    Error, Name,
    clock::{self, Instant},
    observe::{Counts, Event, report},
    overrides::Live,
    sync::{AtomicU32, AtomicU64, Mutex, MutexGuard, Ordering},
};

/// Refuses a share of the calls to a server that rejects many, so that it need not spend its time on rejecting them.
///
/// Of the calls in the window, `k` are made for each that the server accepts; the others are refused here, at random. While it
/// accepts at least one call in `k`, none is refused. See [`ThrottleConfig`].
///
/// Use it around a closure or future by [`call`](Throttle::call) and [`call_async`](Throttle::call_async), or take a [`Permit`] by
/// [`admit`](Throttle::admit).
///
/// ```
/// use mainstay_runtime::{Error, Kind, throttle::Throttle};
///
/// let throttle = Throttle::builder().build("payments")?;
/// for _ in 0..1000 {
///     let busy: Result<(), Box<dyn std::error::Error>> = throttle.call(|| Err("too many requests".into()));
///     assert!(busy.is_err());
/// }
/// // Nearly all calls were rejected, so nine in ten are refused here.
/// assert_eq!(throttle.rejection_rate(), 0.9);
/// assert!(throttle.refused_count() > 500);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
pub struct Throttle {
    /// The rejection rate, in parts of 2³².
    chance: AtomicU32,
    /// When the present step of the window began, on the coarse clock, and how long it lasts.
    began: AtomicU64,
    step: AtomicU64,
    config: Live<ThrottleConfig>,
    name: Name,
    totals: Counts<3>,
    window: Mutex<Window>,
    /// Whether every call is refused. Where it is, the chance is never 0, so that calls look here.
    refuses_all: AtomicBool,
}

const ACCEPTED: usize = 0;
const REJECTED: usize = 1;
const REFUSED: usize = 2;

impl Throttle {
    /// The options, at their defaults.
    pub const fn builder() -> ThrottleConfig {
        ThrottleConfig::new()
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: ThrottleConfig) -> Self {
        Self::new(Name::from_static(name), config)
    }

    pub(super) const fn new(name: Name, config: ThrottleConfig) -> Self {
        let window = Window::new(&config);
        Self {
            chance: AtomicU32::new(0),
            // Never a moment of the clock, so that the first call begins the first step.
            began: AtomicU64::new(Instant::NEVER.as_nanos()),
            step: AtomicU64::new(window.step()),
            config: Live::new(config),
            name,
            totals: Counts::new(),
            window: Mutex::new(window),
            refuses_all: AtomicBool::new(false),
        }
    }

    /// Asks for leave to make a call. Never waits.
    ///
    /// # Errors
    /// [`Error::ClientThrottled`], with the probability of [`rejection_rate`](Self::rejection_rate).
    #[inline]
    pub fn admit(&self) -> Result<Permit<'_>, Error> {
        if !self.config.is_on() {
            return Ok(Permit::new(None));
        }
        if self.chance.load(Ordering::Relaxed) != 0 && self.draw() {
            return Err(self.refuse());
        }
        Ok(Permit::new(Some(self)))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    /// The probability with which a call is refused now.
    pub fn rejection_rate(&self) -> f64 {
        match self.chance.load(Ordering::Relaxed) {
            0 => 0.0,
            _ => self.judge(),
        }
    }

    /// How many calls the server has accepted since the program started.
    pub fn accepted_count(&self) -> u64 {
        self.totals.get(ACCEPTED)
    }

    /// How many calls the server has rejected since the program started.
    pub fn rejected_count(&self) -> u64 {
        self.totals.get(REJECTED)
    }

    /// How many calls were refused here since the program started.
    pub fn refused_count(&self) -> u64 {
        self.totals.get(REFUSED)
    }

    /// The options in force.
    pub fn config(&self) -> &ThrottleConfig {
        self.config.get()
    }

    pub(super) const fn live(&self) -> &Live<ThrottleConfig> {
        &self.config
    }

    /// Refuses every call from now on, whatever the server says, until [`reset`](Self::reset). One that is switched off
    /// refuses none.
    ///
    /// ```
    /// use mainstay_runtime::throttle::Throttle;
    ///
    /// let throttle = Throttle::builder().build("payments")?;
    /// throttle.refuse_all();
    /// assert_eq!((throttle.admit().is_err(), throttle.rejection_rate()), (true, 1.0));
    /// throttle.reset();
    /// assert!(throttle.admit().is_ok());
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    pub fn refuse_all(&self) {
        self.refuses_all.store(true, Ordering::Relaxed);
        self.judge();
    }

    /// Forgets the calls in the window, and ends [`refuse_all`](Self::refuse_all). Counts run on.
    pub fn reset(&self) {
        self.refuses_all.store(false, Ordering::Relaxed);
        let mut window = self.locked();
        window.clear(clock::coarse_now(), self.totals());
        self.publish(&window);
        self.chance.store(0, Ordering::Relaxed);
    }

    /// Follows options that have changed.
    pub(super) fn follow(&self) {
        let mut window = self.locked();
        window.follow(self.config.get(), clock::coarse_now(), self.totals());
        self.publish(&window);
        drop(window);
        self.judge();
    }

    #[inline]
    pub(super) fn accept(&self) {
        self.count(ACCEPTED);
    }

    #[inline(never)]
    pub(super) fn reject(&self) {
        self.count(REJECTED);
        self.judge();
    }

    /// Counts a call in the step of the window that it belongs to.
    #[inline]
    fn count(&self, which: usize) {
        let now = clock::coarse_now();
        // Also where the clock was set back, by which the difference becomes very large.
        let age = now.as_nanos().wrapping_sub(self.began.load(Ordering::Relaxed));
        if age >= self.step.load(Ordering::Relaxed) {
            self.turn(now);
        }
        self.totals.increment(which);
    }

    #[cold]
    #[inline(never)]
    fn turn(&self, now: Instant) {
        let mut window = self.locked();
        window.turn(now, self.totals());
        self.publish(&window);
    }

    /// Whether this call is one of those to refuse.
    #[inline(never)]
    fn draw(&self) -> bool {
        self.judge();
        self.refuses_all.load(Ordering::Relaxed) || fastrand::u32(..) < self.chance.load(Ordering::Relaxed)
    }

    /// Computes the rejection rate anew.
    fn judge(&self) -> f64 {
        let mut window = self.locked();
        let totals = self.totals();
        window.turn(clock::coarse_now(), totals);
        let rate = match self.refuses_all.load(Ordering::Relaxed) {
            true => 1.0,
            false => window.tally(totals).rejection_rate(self.config.get()),
        };
        self.publish(&window);
        self.chance.store((rate * 2_f64.powi(32)) as u32, Ordering::Relaxed);
        rate
    }

    /// Under the window's lock.
    fn publish(&self, window: &Window) {
        self.began.store(window.began().as_nanos(), Ordering::Relaxed);
        self.step.store(window.step(), Ordering::Relaxed);
    }

    fn totals(&self) -> Tally {
        let [accepted, rejected, refused] = [ACCEPTED, REJECTED, REFUSED].map(|which| self.totals.get(which));
        Tally { accepted, rejected, refused }
    }

    fn locked(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cold]
    fn refuse(&self) -> Error {
        self.count(REFUSED);
        let error = Error::client_throttled(self.name.clone());
        report(&Event::Refused { error: &error });
        error
    }
}

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttle")
            .field("name", &self.name)
            .field("rejection_rate", &self.rejection_rate())
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
