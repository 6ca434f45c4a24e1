use std::fmt;

use super::{AdaptiveLimitConfig, Priority};
use crate::{
    observe::Counts,
    sync::{AtomicU32, AtomicU64, Ordering, fence},
};

/// How many calls are in flight, how many may be, and which of them are timed.
///
/// In flight are those that were admitted less those that have left. All admissions are counted in one word, by which each of
/// them is decided; those who leave are counted by each thread for itself, and added up when the last sum no longer shows room.
/// An old sum is too small and never too large, so more are never let in than may be.
pub(super) struct Gauge {
    admitted: AtomicU64,
    left: Counts<1>,
    /// How many had left when somebody last added them up.
    known_left: AtomicU64,
    /// By priority, as [`Priority::ALL`] has them.
    places: [AtomicU32; 3],
    /// A call is timed if the number of calls before it has none of these bits.
    mask: AtomicU32,
}

impl Gauge {
    pub(super) const fn new(config: &AdaptiveLimitConfig) -> Self {
        let limit = config.first_limit();
        Self {
            admitted: AtomicU64::new(0),
            left: Counts::new(),
            known_left: AtomicU64::new(0),
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
        let places = u64::from(places.load(Ordering::Relaxed));
        // In this order: who had left by then had been admitted before.
        let left = self.known_left.load(Ordering::Acquire);
        let admitted = self.admitted.load(Ordering::Relaxed);
        if admitted.saturating_sub(left) < places
            && self
                .admitted
                .compare_exchange(admitted, admitted + 1, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
        {
            return Some(self.is_timed(admitted));
        }
        self.try_take_counted(places)
    }

    /// The same by what has left now.
    #[inline(never)]
    fn try_take_counted(&self, places: u64) -> Option<bool> {
        loop {
            // First: as many as this had been admitted when the sum was begun, and at most so many had left.
            let mut admitted = self.admitted.load(Ordering::Relaxed);
            let left = self.count_left();
            if admitted.saturating_sub(left) >= places {
                return None;
            }
            self.known_left.store(left, Ordering::Release);
            // Others may come meanwhile: as long as the sum shows room, it need not be made anew.
            while admitted.saturating_sub(left) < places {
                let next = admitted + 1;
                match self.admitted.compare_exchange(admitted, next, Ordering::Relaxed, Ordering::Relaxed) {
                    Ok(_) => return Some(self.is_timed(admitted)),
                    Err(actual) => admitted = actual,
                }
            }
        }
    }

    #[inline]
    fn is_timed(&self, before: u64) -> bool {
        before as u32 & self.mask.load(Ordering::Relaxed) == 0
    }

    /// At most as many as have left now. What they did is seen by who counts them.
    fn count_left(&self) -> u64 {
        let left = self.left.get(0);
        fence(Ordering::Acquire);
        left
    }

    /// Gives a place back.
    #[inline]
    pub(super) fn release(&self) {
        // The counts themselves bring no order.
        fence(Ordering::Release);
        self.left.increment(0);
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
        // In this order: who had left had been admitted.
        let left = self.count_left();
        let in_flight = self.admitted.load(Ordering::Relaxed).saturating_sub(left);
        u32::try_from(in_flight).unwrap_or(u32::MAX)
    }

    /// How many have been admitted since the program started.
    pub(super) fn admitted(&self) -> u64 {
        self.admitted.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Gauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gauge").field("limit", &self.limit()).field("in_flight", &self.in_flight()).finish()
    }
}
