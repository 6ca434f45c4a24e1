use super::{Instant, manual, source};

/// Now, to within a tick of the system (4 ms on most Linux), for a third of the price of [`now`](super::now). For whether a
/// value is too old, which a tick does not change. Compare it with its own readings only.
#[inline]
pub(crate) fn coarse_now() -> Instant {
    if manual::is_any_installed() { with_manual() } else { without_manual() }
}

#[cold]
fn with_manual() -> Instant {
    manual::current().map_or_else(without_manual, |clock| clock.now())
}

#[inline]
fn without_manual() -> Instant {
    if source::IS_PAUSABLE {
        return source::now();
    }
    by_ticks()
}

/// The system's coarse clock.
#[cfg(target_os = "linux")]
#[inline]
fn by_ticks() -> Instant {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::MonotonicCoarse);
    // Neither is negative.
    Instant::from_nanos((time.tv_sec as u64).wrapping_mul(1_000_000_000).wrapping_add(time.tv_nsec as u64))
}

/// The same. The crate's usual reading also writes a word that all threads share; this one does not.
#[cfg(not(target_os = "linux"))]
#[inline]
fn by_ticks() -> Instant {
    // Seconds in the upper half, and parts of a second in the lower one.
    let ticks = coarsetime::Instant::now_without_cache_update().as_ticks();
    let nanos = ((ticks & u64::from(u32::MAX)) * 1_000_000_000) >> 32;
    Instant::from_nanos((ticks >> 32).saturating_mul(1_000_000_000).saturating_add(nanos))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::{ManualClock, now};

    #[tokio::test(start_paused = true)]
    async fn the_coarse_clock_follows_the_paused_runtime() {
        let start = coarse_now();
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(coarse_now().saturating_since(start), Duration::from_secs(60));
    }

    #[test]
    fn the_coarse_clock_follows_the_manual_clock() {
        let clock = ManualClock::new();
        let _installed = clock.install();
        clock.advance(Duration::from_secs(5));
        assert_eq!(coarse_now(), now());
    }

    #[test]
    fn ticks_are_nanoseconds_of_the_monotonic_clock() {
        let around = std::time::Instant::now();
        let first = by_ticks();
        let within = std::time::Instant::now();
        let mut last = first;
        while within.elapsed() < Duration::from_millis(40) {
            let next = by_ticks();
            assert!(next >= last);
            last = next;
        }
        // The thread may stand still between any two of these lines: the ticks lie between the two others.
        let within = within.elapsed();
        let counted = by_ticks().saturating_since(first);
        let around = around.elapsed();
        // Late and early by a tick, which is at most 20 ms on any system.
        let tick = Duration::from_millis(20);
        assert!(counted + tick >= within, "{counted:?} {within:?}");
        assert!(counted <= around + tick, "{counted:?} {around:?}");
    }
}
