//! The wheel's measure of time: 2²⁰ nanoseconds, 1.05 ms.

use crate::clock::Instant;

const SHIFT: u32 = 20;

/// No tick at all.
pub(super) const NEVER: u64 = u64::MAX;

/// No tick that anything waits for is later: the last instant lies before it.
pub(super) const LAST: u64 = 1 << (u64::BITS - SHIFT);

/// The first tick that begins at `at` or after it.
#[inline]
pub(super) const fn not_before(at: Instant) -> u64 {
    let nanos = at.as_nanos();
    (nanos >> SHIFT) + (nanos & ((1 << SHIFT) - 1) != 0) as u64
}

/// The tick that `now` lies in.
pub(super) const fn of(now: Instant) -> u64 {
    now.as_nanos() >> SHIFT
}

/// When `tick` begins.
pub(super) const fn start(tick: u64) -> Instant {
    if tick > u64::MAX >> SHIFT { Instant::NEVER } else { Instant::from_nanos(tick << SHIFT) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_begins_at_an_instant_or_less_than_a_tick_after_it() {
        let mut random = fastrand::Rng::with_seed(7);
        let few = (0..4_000_000).step_by(999);
        for nanos in few.chain((0..10_000).map(|_| random.u64(..) >> random.u32(1..64))) {
            let at = Instant::from_nanos(nanos);
            let begins = start(not_before(at));
            assert!(begins >= at && begins.as_nanos() - nanos < 1 << SHIFT);
            assert!(start(of(at)) <= at);
        }
        assert_eq!(start(not_before(Instant::NEVER)), Instant::NEVER);
        assert_eq!(start(NEVER), Instant::NEVER);
    }
}
