use std::{fmt, time::Duration};

use super::{
    AdaptiveLimitConfig, Outcome, Permit, Priority,
    controller::{Controller, Numbers, Step},
    gauge::Gauge,
    permit::{UNCOUNTED, UNTIMED},
    window::Sample,
};
use crate::{
    Error, Name,
    clock::{self, Instant},
    observe::{Counter, Counts, Event, report},
    overrides::Live,
    sync::{AtomicU64, Mutex, Ordering},
};

/// Lets as many calls in at once as what they call can take, which it finds out by how long they take.
///
/// Calls beyond the limit are refused at once, those of low [`Priority`] first. The limit falls when calls take longer than they
/// would alone, or fail for overload, and rises while they do not. See [`AdaptiveLimitConfig`].
///
/// Use it around a closure or future by [`call`](AdaptiveLimit::call) and [`call_async`](AdaptiveLimit::call_async), or take a
/// [`Permit`] by [`try_enter`](AdaptiveLimit::try_enter).
///
/// ```
/// use mainstay_runtime::{Error, Kind, adaptive_limit::{AdaptiveLimit, Priority}};
///
/// let limit = AdaptiveLimit::builder().initial(1).build("payments")?;
/// let paid = limit.call(Priority::Normal, || {
///     // Inside, the only place is taken.
///     assert_eq!(limit.try_enter(Priority::Critical).unwrap_err().kind(), Kind::ConcurrencyLimited);
///     Ok::<_, Error>("paid")
/// });
/// assert_eq!(paid, Ok("paid"));
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
pub struct AdaptiveLimit {
    gauge: Gauge,
    config: Live<AdaptiveLimitConfig>,
    name: Name,
    /// By priority.
    rejected: Counts<3>,
    overloads: Counter,
    controller: Mutex<Controller>,
    published: Published,
}

/// What was measured last, for whoever looks on.
#[derive(Debug)]
struct Published([AtomicU64; 3]);

impl Published {
    const fn new() -> Self {
        Self([AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0)])
    }

    fn set(&self, numbers: Numbers) {
        let numbers = [numbers.latency, numbers.baseline, numbers.gradient];
        for (place, number) in self.0.iter().zip(numbers) {
            place.store(number.to_bits(), Ordering::Relaxed);
        }
    }

    fn get(&self) -> Numbers {
        let [latency, baseline, gradient] =
            self.0.each_ref().map(|number| f64::from_bits(number.load(Ordering::Relaxed)));
        Numbers { latency, baseline, gradient }
    }
}

impl AdaptiveLimit {
    /// The options, at their defaults.
    pub const fn builder() -> AdaptiveLimitConfig {
        AdaptiveLimitConfig::new()
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: AdaptiveLimitConfig) -> Self {
        Self::new(Name::from_static(name), config)
    }

    pub(super) const fn new(name: Name, config: AdaptiveLimitConfig) -> Self {
        Self {
            gauge: Gauge::new(&config),
            controller: Mutex::new(Controller::new(&config)),
            config: Live::new(config),
            name,
            rejected: Counts::new(),
            overloads: Counter::new(),
            published: Published::new(),
        }
    }

    /// Enters, if fewer calls are in flight than one of that priority may find. Never waits.
    ///
    /// # Errors
    /// [`Error::ConcurrencyLimited`].
    #[inline]
    pub fn try_enter(&self, priority: Priority) -> Result<Permit<'_>, Error> {
        if !self.config.is_on() {
            return Ok(Permit::new(self, UNCOUNTED));
        }
        match self.gauge.try_take(priority) {
            Some(is_timed) => Ok(Permit::new(self, if is_timed { start() } else { UNTIMED })),
            None => Err(self.refuse(priority)),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    /// How many calls may be in flight at once, now.
    pub fn limit(&self) -> u32 {
        self.gauge.limit()
    }

    /// How many calls are in flight.
    pub fn in_flight(&self) -> u32 {
        self.gauge.in_flight()
    }

    /// How long calls took lately: the median of the last window; zero before the first.
    pub fn latency(&self) -> Duration {
        Duration::from_nanos(self.published.get().latency as u64)
    }

    /// How long a call is thought to take that waits for no other; zero before the first window, and with
    /// [`Algorithm::Aimd`](super::Algorithm::Aimd).
    pub fn baseline(&self) -> Duration {
        Duration::from_nanos(self.published.get().baseline as u64)
    }

    /// By what the limit was last multiplied: 1 where calls take no longer than they should, 0.5 at the least. Zero before the
    /// first window.
    pub fn gradient(&self) -> f64 {
        self.published.get().gradient
    }

    /// How many calls have been admitted since the program started.
    pub fn admitted_count(&self) -> u64 {
        self.gauge.admitted()
    }

    /// How many calls were refused since the program started.
    pub fn rejected_count(&self) -> u64 {
        Priority::ALL.into_iter().map(|priority| self.rejected_of(priority)).sum()
    }

    /// The same for one priority.
    pub fn rejected_of(&self, priority: Priority) -> u64 {
        self.rejected.get(priority as usize)
    }

    /// How many timed calls ended in overload since the program started.
    pub fn overload_count(&self) -> u64 {
        self.overloads.get()
    }

    /// The options in force.
    pub fn config(&self) -> &AdaptiveLimitConfig {
        self.config.get()
    }

    pub(super) const fn live(&self) -> &Live<AdaptiveLimitConfig> {
        &self.config
    }

    /// Forgets all that was measured and starts again with `initial`. Calls in flight stay where they are; counts run on.
    pub fn reset(&self) {
        let config = self.config.get();
        self.controlled(|controller| controller.reset(config));
    }

    /// Follows options that have changed.
    pub(super) fn follow(&self) {
        let config = self.config.get();
        self.controlled(|controller| controller.follow(config));
    }

    fn controlled(&self, change: impl FnOnce(&mut Controller) -> Step) {
        let mut controller = self.controller.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.take(change(&mut controller));
    }

    /// Under the controller's lock, so that the latest step is the one in force.
    fn take(&self, step: Step) {
        self.gauge.set_limit(self.config.get(), step.limit);
        self.gauge.time_one_in(step.power);
        self.published.set(step.numbers);
    }

    /// The end of a call.
    #[inline]
    pub(super) fn leave(&self, started: Instant, outcome: Outcome) {
        if started == UNCOUNTED {
            return;
        }
        if started != UNTIMED && outcome != Outcome::Ignored {
            return self.learn(started, outcome);
        }
        self.gauge.release();
    }

    /// The end of a timed call. If another thread takes one in at this moment, this one goes by: no call waits for being timed.
    #[inline(never)]
    fn learn(&self, started: Instant, outcome: Outcome) {
        // This one with it.
        let in_flight = self.gauge.in_flight();
        self.gauge.release();
        if outcome == Outcome::Overload {
            self.overloads.increment();
        }
        let now = clock::now();
        let sample = Sample { latency: now.saturating_since(started), outcome, in_flight };
        if let Ok(mut controller) = self.controller.try_lock()
            && let Some(step) = controller.record(self.config.get(), sample, now)
        {
            self.take(step);
        }
    }

    #[cold]
    fn refuse(&self, priority: Priority) -> Error {
        self.rejected.increment(priority as usize);
        let error = Error::concurrency_limited(self.name.clone(), self.limit());
        report(&Event::Refused { error: &error });
        error
    }
}

/// Apart, so that little is put in line where few calls are timed.
#[inline(never)]
fn start() -> Instant {
    clock::now()
}

impl fmt::Debug for AdaptiveLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdaptiveLimit")
            .field("name", &self.name)
            .field("gauge", &self.gauge)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
