use std::fmt;

use crate::sync::{AtomicU64, Ordering};

/// A number that goes up and down, such as a temperature or the length of a queue.
///
/// ```
/// use mainstay_runtime::metrics::Gauge;
///
/// static TEMPERATURE: Gauge = Gauge::new();
/// TEMPERATURE.set(21.5);
/// TEMPERATURE.add(-1.0);
/// assert_eq!(TEMPERATURE.get(), 20.5);
/// ```
pub struct Gauge(AtomicU64);

impl Gauge {
    /// A gauge at zero.
    pub const fn new() -> Self {
        // The bits of 0.0.
        Self(AtomicU64::new(0))
    }

    /// Puts it to `value`.
    #[inline]
    pub fn set(&self, value: f64) {
        self.0.store(value.to_bits(), Ordering::Relaxed);
    }

    /// Puts it to the seconds since the Unix epoch, as gauges that name a time hold them.
    pub fn set_to_now(&self) {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        self.set(now.unwrap_or_default().as_secs_f64());
    }

    /// Adds to it, or takes away where `by` is negative.
    pub fn add(&self, by: f64) {
        let mut bits = self.0.load(Ordering::Relaxed);
        loop {
            let sum = (f64::from_bits(bits) + by).to_bits();
            match self.0.compare_exchange_weak(bits, sum, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return,
                Err(now) => bits = now,
            }
        }
    }

    /// Its value.
    pub fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }
}

impl Default for Gauge {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Gauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.get())
    }
}

/// A whole number that goes up and down, such as that of open connections.
///
/// ```
/// use mainstay_runtime::metrics::IntGauge;
///
/// static CONNECTIONS: IntGauge = IntGauge::new();
/// {
///     let _inside = CONNECTIONS.enter();
///     assert_eq!(CONNECTIONS.get(), 1);
/// }
/// assert_eq!(CONNECTIONS.get(), 0);
/// ```
pub struct IntGauge(AtomicU64);

impl IntGauge {
    /// A gauge at zero.
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Puts it to `value`.
    #[inline]
    pub fn set(&self, value: i64) {
        self.0.store(value.cast_unsigned(), Ordering::Relaxed);
    }

    /// Adds one.
    #[inline]
    pub fn increment(&self) {
        self.add(1);
    }

    /// Takes one away.
    #[inline]
    pub fn decrement(&self) {
        self.add(-1);
    }

    /// Adds to it, or takes away where `by` is negative.
    #[inline]
    pub fn add(&self, by: i64) {
        self.0.fetch_add(by.cast_unsigned(), Ordering::Relaxed);
    }

    /// One more until what this gives is dropped, by whichever way the work ends.
    #[inline]
    pub fn enter(&self) -> Inside<'_> {
        self.increment();
        Inside(self)
    }

    /// Its value.
    pub fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed).cast_signed()
    }
}

impl Default for IntGauge {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for IntGauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.get())
    }
}

/// Counted in an [`IntGauge`] until it is dropped.
#[must_use = "the gauge goes down again when this is dropped"]
#[derive(Debug)]
pub struct Inside<'a>(&'a IntGauge);

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.decrement();
    }
}
