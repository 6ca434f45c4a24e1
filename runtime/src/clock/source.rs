//! Where the time comes from when no manual clock is installed.
//!
//! tokio's clock can be paused only if tokio was built with its `test-util` feature. Then every reading must be
//! tokio's. Otherwise, in production, the processor's own counter gives the same time for a third of the price.

use std::sync::OnceLock;

use tokio::runtime::Builder;

use super::Instant;

/// Whether tokio's clock can be paused in this build.
pub(crate) const IS_PAUSABLE: bool = tells(|builder: &'static mut Builder| builder.start_paused(true));

/// The type of the answer tells whether the method called is tokio's or the stand-in below: an inherent method is
/// preferred to a trait's, and tokio has this one only with `test-util`.
const fn tells<T: Answer>(_: fn(&'static mut Builder) -> T) -> bool {
    T::IS_TOKIOS
}

trait Answer {
    const IS_TOKIOS: bool;
}

impl Answer for &'static mut Builder {
    const IS_TOKIOS: bool = true;
}

struct Missing;

impl Answer for Missing {
    const IS_TOKIOS: bool = false;
}

#[allow(dead_code, reason = "used where tokio has no method of that name")]
trait StandIn {
    fn start_paused(&mut self, _: bool) -> Missing {
        Missing
    }
}

impl StandIn for Builder {}

#[inline]
pub(super) fn now() -> Instant {
    if IS_PAUSABLE { Instant::from_tokio(tokio::time::Instant::now()) } else { by_counter() }
}

/// The processor's counter, where it has one that is fit, else the system's monotonic clock.
struct Counter {
    clock: quanta::Clock,
    /// What the counter showed a day before its first reading, were it wide enough to have started there. All before the
    /// first reading is room for a core whose counter is a little behind.
    zero: u64,
    /// ⌊2⁶⁴ · nanoseconds per count⌋.
    ratio: u64,
}

/// A counter that counts at least once per nanosecond.
static FINE: OnceLock<Counter> = OnceLock::new();

#[inline]
fn by_counter() -> Instant {
    match FINE.get() {
        Some(counter) => counter.now(),
        None => by_any_counter(),
    }
}

/// Apart, so that the usual reading is short enough to be inlined.
#[cold]
#[inline(never)]
fn by_any_counter() -> Instant {
    static COARSE: OnceLock<Option<(quanta::Clock, u64)>> = OnceLock::new();
    let coarse = COARSE.get_or_init(|| {
        let clock = quanta::Clock::new();
        match Counter::new(&clock) {
            Some(counter) => {
                FINE.get_or_init(|| counter);
                None
            }
            None => {
                let start = clock.raw();
                Some((clock, start))
            }
        }
    });
    match (coarse, FINE.get()) {
        (_, Some(counter)) => counter.now(),
        (Some((clock, start)), None) => Instant::START + clock.delta(*start, clock.raw()),
        (None, None) => Instant::START,
    }
}

impl Counter {
    /// `None` for a counter whose counts are longer than a nanosecond.
    fn new(clock: &quanta::Clock) -> Option<Self> {
        let some = 1 << 32;
        let ratio = match clock.delta_as_nanos(0, some) {
            0 => return None,
            nanos if nanos > some => return None,
            _ => clock.delta_as_nanos(0, u64::MAX),
        };
        let day = (u128::from(Instant::START.as_nanos()) << 64).div_ceil(u128::from(ratio));
        let zero = clock.raw().wrapping_sub(u64::try_from(day).ok()?);
        Some(Self { clock: clock.clone(), zero, ratio })
    }

    #[inline]
    fn now(&self) -> Instant {
        // One multiplication where quanta's own conversion shifts by a number it has to look up.
        let counted = u128::from(self.clock.raw().wrapping_sub(self.zero));
        Instant::from_nanos(((counted * u128::from(self.ratio)) >> 64) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_of_this_crate_follow_a_clock_that_can_be_paused() {
        const { assert!(IS_PAUSABLE) };
    }

    #[test]
    fn the_counter_goes_forward_and_agrees_with_the_system() {
        use std::time::Instant as System;
        // Each reading of ours lies between two of the system's, however often the thread is interrupted.
        let around = |read: fn() -> Instant| (System::now(), read(), System::now());
        let (before_first, first, after_first) = around(by_counter);
        let mut previous = first;
        let (before_last, last, after_last) = loop {
            let reading = around(by_counter);
            assert!(reading.1 >= previous);
            previous = reading.1;
            if reading.0.duration_since(after_first).as_millis() >= 5 {
                break reading;
            }
        };
        let counted = last.saturating_since(first);
        let (least, most) =
            (before_last.duration_since(after_first), after_last.duration_since(before_first));
        // The counter was calibrated in less than a millisecond: a hundredth is allowed.
        assert!(
            counted >= least.mul_f64(0.99) && counted <= most.mul_f64(1.01),
            "{least:?} {counted:?} {most:?}"
        );
    }
}
