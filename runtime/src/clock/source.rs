//! Where the time comes from when no manual clock is installed.
//!
//! tokio's clock can be paused only if tokio was built with its `test-util` feature. Then every reading must be
//! tokio's. Otherwise, in production, the processor's own counter gives the same time for a third of the price.

use std::sync::OnceLock;

use tokio::runtime::Builder;

use super::Instant;

/// Whether tokio's clock can be paused in this build.
pub(super) const IS_PAUSABLE: bool = tells(|builder: &'static mut Builder| builder.start_paused(true));

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

struct Counter {
    clock: quanta::Clock,
    start: u64,
    /// ⌊2⁶⁴ · nanoseconds per count⌋, or zero for a counter that is slower than that.
    ratio: u64,
}

/// The time by the processor's counter, where it has one that is fit, else by the system's monotonic clock.
#[inline]
fn by_counter() -> Instant {
    static COUNTER: OnceLock<Counter> = OnceLock::new();
    COUNTER.get_or_init(Counter::new).now()
}

impl Counter {
    #[cold]
    fn new() -> Self {
        let clock = quanta::Clock::new();
        let (start, some) = (clock.raw(), 1 << 32);
        let ratio = if clock.delta_as_nanos(0, some) <= some { clock.delta_as_nanos(0, u64::MAX) } else { 0 };
        Self { clock, start, ratio }
    }

    #[inline]
    fn now(&self) -> Instant {
        let count = self.clock.raw();
        // One multiplication where quanta's own conversion shifts by a number it has to look up.
        let passed = match self.ratio {
            0 => self.clock.delta_as_nanos(self.start, count),
            ratio => ((u128::from(count.saturating_sub(self.start)) * u128::from(ratio)) >> 64) as u64,
        };
        // Centuries from wrapping around.
        Instant::from_nanos(Instant::START.as_nanos().wrapping_add(passed))
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
