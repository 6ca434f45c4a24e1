use std::fmt;

use super::{AdaptiveLimitConfig, Priority};
use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// How many calls are in flight, how many may be, and which of them are timed.
///
/// One word holds how many are in flight (lower half) and a number that grows with each admission (upper half), by which calls
/// are chosen for timing. Admitting and leaving change that word and nothing else.
pub(super) struct Gauge {
    tally: AtomicU64,
    /// By priority, as [`Priority::ALL`] has them.
    places: [AtomicU32; 3],
    /// A call is timed if its number has none of these bits.
    mask: AtomicU32,
}

const ONE_ADMITTED: u64 = (1 << 32) + 1;

const fn in_flight(tally: u64) -> u32 {
    tally as u32
}

const fn number(tally: u64) -> u32 {
    (tally >> 32) as u32
}

impl Gauge {
    pub(super) const fn new(config: &AdaptiveLimitConfig) -> Self {
        let limit = config.first_limit();
        Self {
            tally: AtomicU64::new(0),
            places: [
                AtomicU32::new(config.places(limit, Priority::Sheddable)),
                AtomicU32::new(config.places(limit, Priority::Normal)),
                AtomicU32::new(limit),
            ],
            mask: AtomicU32::new(0),
        }
    }

    /// Takes a place, and tells whether the call is to be timed; `None` if as many as may are in flight.
    #[inline]
    pub(super) fn try_take(&self, priority: Priority) -> Option<bool> {
        let [sheddable, normal, critical] = &self.places;
        let places = match priority {
            Priority::Sheddable => sheddable,
            Priority::Normal => normal,
            Priority::Critical => critical,
        };
        let places = places.load(Ordering::Relaxed);
        let mut tally = self.tally.load(Ordering::Relaxed);
        while in_flight(tally) < places {
            let next = tally.wrapping_add(ONE_ADMITTED);
            match self.tally.compare_exchange_weak(tally, next, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return Some(number(tally) & self.mask.load(Ordering::Relaxed) == 0),
                Err(actual) => tally = actual,
            }
        }
        None
    }

    /// Gives a place back; how many were in flight, that call included.
    #[inline]
    pub(super) fn release(&self) -> u32 {
        in_flight(self.tally.fetch_sub(1, Ordering::AcqRel))
    }

    /// Sets how many may be in flight. Those that are beyond stay.
    pub(super) fn set_limit(&self, config: &AdaptiveLimitConfig, limit: u32) {
        for (places, priority) in self.places.iter().zip(Priority::ALL) {
            places.store(config.places(limit, priority), Ordering::Relaxed);
        }
    }

    /// Times one call in `2^of` from now on.
    pub(super) fn time_one_in(&self, power: u32) {
        self.mask.store((1_u32 << power.min(31)) - 1, Ordering::Relaxed);
    }

    pub(super) fn limit(&self) -> u32 {
        self.places[Priority::Critical as usize].load(Ordering::Relaxed)
    }

    pub(super) fn in_flight(&self) -> u32 {
        in_flight(self.tally.load(Ordering::Acquire))
    }
}

impl fmt::Debug for Gauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gauge").field("limit", &self.limit()).field("in_flight", &self.in_flight()).finish()
    }
}
